"""Closing a customer's account: what the law does not keep is destroyed at once, and the customer is told what is kept."""

from dataclasses import dataclass
from datetime import date

from shared.delivery_sales import records
from shared.kernel.errors import Conflict
from shared.orders.states import TERMINAL
from shared.privacy import shredding
from shared.storage.work import Work
from shared.vault import holds
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption
from shared.vault.retention import KEPT_BY_HOLD, KEPT_BY_LAW, over_before


class OrdersOpen(Conflict):
    """`order_ids` names the orders that must end first."""

    code, title = "orders_open", "Some orders have not ended yet"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is not destroyed yet. `until` is the last day of it, None while a hold is open."""

    what: str
    sales: int
    reason: str
    until: date | None


def erase(work: Work, customer_id: str, account_id: str, keys: KeyEncryption) -> list[Kept]:
    """Destroy the key of name, e-mail, phone and addresses; remove prices, sessions and stored answers. Gives what is kept.

    Orders and dossiers stay, under an id that leads to nobody any more, and every chain stays verifiable. Prices go first:
    an order being placed at this moment holds its price locked, so it is either seen here or cannot be placed any more.
    Raises OrdersOpen, Unavailable.
    """
    work.run(_FORGET_PRICES, customer_id=customer_id)
    ended = [status.value for status in TERMINAL]
    open_ids = [row["order_id"] for row in work.run(_OPEN_ORDERS, customer_id=customer_id, ended=ended)]
    if open_ids:
        raise OrdersOpen(
            "Cancel these orders, or wait until they have ended, then erase the account.", order_ids=open_ids
        )
    for order_id in records.missed_of(work, customer_id):
        records.record(work, order_id, keys)
    account_keys = [row["key_id"] for row in work.run(_LOCK_ACCOUNT_KEY, customer_id=customer_id)]
    remaining = kept(work, customer_id)
    work.run(_ERASE, customer_id=customer_id, account_id=account_id)
    work.run(_CLOSE_ACCOUNT, account_id=account_id)
    if any(each.until is None for each in remaining):
        work.run(_DUE_AFTER_HOLD, key_ids=account_keys, today=over_before(work.now))
    else:
        vault.destroy(work, account_keys)
        shredding.forget_places(work, customer_id)
    return remaining


def kept(work: Work, customer_id: str) -> list[Kept]:
    """What an erasure would leave: the records of sales by the year until which they are kept, or everything under a hold."""
    found = [
        Kept("delivery_sale_records", row["sales"], KEPT_BY_LAW, row["retain_until"])
        for row in work.run(_KEPT_SALES, customer_id=customer_id)
    ]
    if holds.held(work, customer_id):
        found.append(Kept("everything", sum(each.sales for each in found), KEPT_BY_HOLD, None))
    return found


_FORGET_PRICES = "DELETE FROM prices WHERE customer_id = :customer_id"

_OPEN_ORDERS = """
    SELECT order_id FROM orders WHERE customer_id = :customer_id AND status <> ALL (CAST(:ended AS text[]))
    ORDER BY order_id LIMIT 20
"""

# A hold being placed, or an address being added, at this moment has the key locked: it is seen from here on, or waits.
_LOCK_ACCOUNT_KEY = """
    SELECT key_id FROM vault_keys WHERE subject_id = :customer_id AND purpose = 'account' AND wrapped IS NOT NULL FOR UPDATE
"""

_KEPT_SALES = """
    SELECT k.retain_until, count(*) AS sales FROM vault_keys k JOIN delivery_sales s USING (key_id)
    WHERE k.subject_id = :customer_id AND k.purpose = 'sales' AND k.wrapped IS NOT NULL
    GROUP BY k.retain_until ORDER BY k.retain_until
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

_DUE_AFTER_HOLD = """
    UPDATE vault_keys SET retain_until = CAST(:today AS date) - 1 WHERE key_id = ANY(CAST(:key_ids AS text[]))
"""
