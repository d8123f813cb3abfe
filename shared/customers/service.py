"""A customer's addresses and orders, and the erasure of its personal data."""

from shared.kernel.errors import Conflict, NotFound
from shared.kernel.positions import Position
from shared.orders.states import TERMINAL, Status
from shared.storage.connection import Row
from shared.storage.work import Work


class OrdersOpen(Conflict):
    """`order_ids` names the orders that must end first."""

    code, title = "orders_open", "Some orders have not ended yet"


def add_address(work: Work, customer_id: str, label: str, line: str, position: Position) -> Row:
    return work.run(
        _ADD_ADDRESS,
        address_id=work.new_id("adr"),
        customer_id=customer_id,
        label=label,
        line=line,
        lat=position.lat,
        lng=position.lng,
        now=work.now,
    )[0]


def addresses(work: Work, customer_id: str, after: str, limit: int) -> list[Row]:
    """In the order in which they were added, those after an id."""
    return work.run(_ADDRESSES, customer_id=customer_id, after=after, limit=limit)


def address_position(work: Work, customer_id: str, address_id: str) -> Position:
    """Raises NotFound."""
    row = work.one(_ADDRESS, customer_id=customer_id, address_id=address_id)
    if row is None:
        raise NotFound.of("address", address_id)
    return Position(row["lat"], row["lng"])


def remove_address(work: Work, customer_id: str, address_id: str) -> None:
    """Raises NotFound."""
    if not work.run(_REMOVE_ADDRESS, customer_id=customer_id, address_id=address_id):
        raise NotFound.of("address", address_id)


def orders(work: Work, customer_id: str, status: Status | None, before: str, limit: int) -> list[Row]:
    """Newest first, those before an id; all when it is empty."""
    return work.run(_ORDERS, customer_id=customer_id, status=status.value if status else "", before=before, limit=limit)


def erase(work: Work, customer_id: str, account_id: str) -> None:
    """Remove name, e-mail, phone, password, addresses, prices, sessions and stored answers.

    Orders and dossiers stay, under an id that leads to nobody any more: the law wants the record of a sale, and every
    chain stays verifiable. Prices go first: an order being placed at this moment holds its price locked, so it is
    either seen here or cannot be placed any more. Raises OrdersOpen.
    """
    work.run(_FORGET_PRICES, customer_id=customer_id)
    ended = [status.value for status in TERMINAL]
    open_ids = [row["order_id"] for row in work.run(_OPEN_ORDERS, customer_id=customer_id, ended=ended)]
    if open_ids:
        raise OrdersOpen(
            "Cancel these orders, or wait until they have ended, then erase the account.", order_ids=open_ids
        )
    work.run(_ERASE, customer_id=customer_id, account_id=account_id)
    work.run(_CLOSE_ACCOUNT, account_id=account_id)


_ADD_ADDRESS = """
    INSERT INTO addresses (address_id, customer_id, label, line, lat, lng, created_at)
    VALUES (:address_id, :customer_id, :label, :line, :lat, :lng, :now) RETURNING *
"""

_ADDRESSES = """
    SELECT * FROM addresses WHERE customer_id = :customer_id AND address_id > :after ORDER BY address_id LIMIT :limit
"""

_ADDRESS = "SELECT lat, lng FROM addresses WHERE customer_id = :customer_id AND address_id = :address_id"

_REMOVE_ADDRESS = """
    DELETE FROM addresses WHERE customer_id = :customer_id AND address_id = :address_id RETURNING address_id
"""

_ORDERS = """
    SELECT * FROM orders
    WHERE customer_id = :customer_id AND (:status = '' OR status = :status) AND (:before = '' OR order_id < :before)
    ORDER BY order_id DESC LIMIT :limit
"""

_FORGET_PRICES = "DELETE FROM prices WHERE customer_id = :customer_id"

_OPEN_ORDERS = """
    SELECT order_id FROM orders WHERE customer_id = :customer_id AND status <> ALL (CAST(:ended AS text[]))
    ORDER BY order_id LIMIT 20
"""

_ERASE = """
    WITH forgotten_addresses AS (
        DELETE FROM addresses WHERE customer_id = :customer_id
    ), forgotten_answers AS (
        DELETE FROM idempotency_keys WHERE caller = :account_id
    ), forgotten_limits AS (
        DELETE FROM rate_windows WHERE caller = :account_id
    )
    DELETE FROM sessions WHERE account_id = :account_id
"""

_CLOSE_ACCOUNT = "DELETE FROM accounts WHERE account_id = :account_id"
