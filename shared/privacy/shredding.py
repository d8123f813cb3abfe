"""Destroying keys whose time has run out, and what is left in the clear of those they belonged to."""

from collections.abc import Callable

from shared.accounts.rules import TENANT_PREFIX
from shared.kernel.roles import PLATFORM, Role
from shared.orders import rules
from shared.orders import service as orders
from shared.privacy.customer import Customer
from shared.privacy.driver import Driver
from shared.privacy.merchant import Merchant, forget_businesses
from shared.privacy.subject import Subject
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import holds
from shared.vault import service as vault
from shared.vault.retention import over_before

SUBJECTS: dict[str, Callable[[str], Subject]] = {
    TENANT_PREFIX[Role.CUSTOMER]: Customer,
    TENANT_PREFIX[Role.DRIVER]: Driver,
    TENANT_PREFIX[Role.MERCHANT]: Merchant,
}
"""By the prefix of the subject's id."""


def shred_due(work: Work, limit: int) -> int:
    """Destroy what no law and no hold asks to keep any longer, each key in a transaction of its own. Gives how many."""
    due = work.run(_DUE, over_before=over_before(work.now), limit=limit)
    work.checkpoint()
    return sum(_shred(work, row["key_id"]) for row in due)


def _shred(work: Work, key_id: str) -> bool:
    """Not under a hold: a hold being placed at this moment has the key locked, so it is either seen here or waits."""
    key = work.one(_LOCK_KEY, key_id=key_id)
    possible = key is not None and not work.run(_HELD, key_id=key_id)[0]["held"]
    if key is not None and possible:
        _destroy(work, key)
    work.checkpoint()
    return possible


def _destroy(work: Work, key: Row) -> None:
    if key["purpose"] == "account":
        SUBJECTS[key["subject_id"].partition("_")[0]](key["subject_id"]).forget(work)
        vault.destroy(work, [key["key_id"]])
        return
    sales = work.run(_SALES_OF_KEY, key_id=key["key_id"])
    for row in sales:
        order = orders.load(work, row["order_id"])
        data = {"evidence_id": row["entry_id"], "retained_until": key["retain_until"].isoformat()}
        orders.apply(work, order, rules.note(order.facts, "sale_record_destroyed", data), PLATFORM)
    vault.destroy(work, [key["key_id"]])
    forget_businesses(work, sorted({row["merchant_id"] for row in sales}))


_DUE = f"""
    SELECT k.key_id FROM vault_keys k
    WHERE k.wrapped IS NOT NULL AND k.retain_until < :over_before AND NOT {holds.HELD}
    ORDER BY k.retain_until, k.key_id LIMIT :limit
"""

_LOCK_KEY = """
    SELECT key_id, subject_id, purpose, retain_until FROM vault_keys
    WHERE key_id = :key_id AND wrapped IS NOT NULL FOR UPDATE
"""
_HELD = f"SELECT {holds.HELD} AS held FROM vault_keys k WHERE k.key_id = :key_id"
_SALES_OF_KEY = "SELECT order_id, entry_id, merchant_id FROM delivery_sales WHERE key_id = :key_id ORDER BY order_id"
