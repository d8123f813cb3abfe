"""A customer's addresses and orders."""

from dataclasses import dataclass

from shared.kernel.errors import NotFound
from shared.kernel.positions import Position
from shared.orders.states import TERMINAL, Status
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption


@dataclass(frozen=True, slots=True)
class Address:
    """`label` and `line` are in the vault; the position is not, since prices and routes are made of it."""

    address_id: str
    label: str
    line: str
    position: Position


def add_address(
    work: Work, customer_id: str, label: str, line: str, position: Position, keys: KeyEncryption
) -> Address:
    key = vault.account_key(work, customer_id, keys)
    place = {"lat": position.lat, "lng": position.lng}
    entry = vault.new_entry(work, key, "address", {"label": label, "line": line, **place})
    address_id = work.new_id("adr")
    work.run(_ADD_ADDRESS, address_id=address_id, customer_id=customer_id, now=work.now, **place, **entry.parameters)
    return Address(address_id, label, line, position)


def addresses(work: Work, customer_id: str, after: str, limit: int | None, keys: KeyEncryption) -> list[Address]:
    """In the order in which they were added, those after an id; all when `limit` is None."""
    rows = work.run(_ADDRESSES, customer_id=customer_id, after=after, limit=limit)
    return [_address(row, vault.opened(row, keys).content) for row in rows]


def address_position(work: Work, customer_id: str, address_id: str) -> Position:
    """Raises NotFound."""
    row = work.one(_ADDRESS, customer_id=customer_id, address_id=address_id)
    if row is None:
        raise NotFound.of("address", address_id)
    return Position(row["lat"], row["lng"])


def remove_address(work: Work, customer_id: str, address_id: str) -> None:
    """Gone for its owner at once; its text goes with it, unless an order on its way there or a hold needs it. Raises NotFound."""
    if not work.run(_REMOVE_ADDRESS, customer_id=customer_id, address_id=address_id):
        raise NotFound.of("address", address_id)
    forget_removed(work, customer_id)


def forget_removed(work: Work, customer_id: str | None = None) -> None:
    """Drop removed addresses that nothing needs any more: of one customer, or of all."""
    work.run(_FORGET_REMOVED, customer_id=customer_id, ended=[status.value for status in TERMINAL], now=work.now)


def orders(work: Work, customer_id: str, status: Status | None, before: str, limit: int) -> list[Row]:
    """Newest first, those before an id; all when it is empty."""
    return work.run(_ORDERS, customer_id=customer_id, status=status.value if status else "", before=before, limit=limit)


def _address(row: Row, content: Row) -> Address:
    return Address(row["address_id"], content["label"], content["line"], Position(row["lat"], row["lng"]))


_ADD_ADDRESS = f"""
    WITH sealed AS ({vault.ADD_ENTRY})
    INSERT INTO addresses (address_id, customer_id, entry_id, lat, lng, created_at)
    VALUES (:address_id, :customer_id, :entry_id, :lat, :lng, :now)
"""

_ADDRESSES = f"""
    SELECT a.address_id, a.lat, a.lng, {vault.COLUMNS}
    FROM addresses a JOIN vault_entries e USING (entry_id) JOIN vault_keys k USING (key_id)
    WHERE a.customer_id = :customer_id AND a.address_id > :after AND NOT a.removed ORDER BY a.address_id LIMIT :limit
"""

_ADDRESS = """
    SELECT lat, lng FROM addresses WHERE customer_id = :customer_id AND address_id = :address_id AND NOT removed
"""

_REMOVE_ADDRESS = """
    UPDATE addresses SET removed = true
    WHERE customer_id = :customer_id AND address_id = :address_id AND NOT removed RETURNING address_id
"""

# An order of restricted goods needs its address until it has ended and, when it was delivered, is recorded.
_FORGET_REMOVED = """
    WITH gone AS (
        DELETE FROM addresses a WHERE a.removed AND (CAST(:customer_id AS text) IS NULL OR a.customer_id = :customer_id)
            AND NOT EXISTS (
                SELECT 1 FROM orders o WHERE o.customer_id = a.customer_id AND o.address_id = a.address_id AND o.restricted
                    AND (o.status <> ALL (CAST(:ended AS text[])) OR (o.delivered_at IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM delivery_sales s WHERE s.order_id = o.order_id))))
            AND NOT EXISTS (SELECT 1 FROM prices p WHERE p.customer_id = a.customer_id AND p.order_id IS NULL
                AND p.expires_at > :now AND p.cart ->> 'address_id' = a.address_id)
            AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.subject_id = a.customer_id AND h.lifted_at IS NULL)
        RETURNING a.entry_id
    )
    DELETE FROM vault_entries WHERE entry_id IN (SELECT entry_id FROM gone)
"""

_ORDERS = """
    SELECT * FROM orders
    WHERE customer_id = :customer_id AND (:status = '' OR status = :status) AND (:before = '' OR order_id < :before)
    ORDER BY order_id DESC LIMIT :limit
"""
