"""Destroying keys whose time has run out, and what is left in the clear of those they belonged to."""

from shared.kernel.roles import PLATFORM
from shared.orders import rules
from shared.orders import service as orders
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import holds
from shared.vault import service as vault
from shared.vault.retention import over_before

BLUR_DECIMALS = 2
"""Of degrees, to which the places of ended orders are rounded: about a kilometre."""


def shred_due(work: Work, limit: int) -> int:
    """Destroy what no law and no hold asks to keep any longer, each key in a transaction of its own. Gives how many."""
    due = work.run(_DUE, over_before=over_before(work.now), limit=limit)
    work.checkpoint()
    return sum(_shred(work, row["key_id"]) for row in due)


def forget_places(work: Work, customer_id: str) -> None:
    """Round where a customer's orders went. Their records, while they are kept, have the exact places."""
    work.run(_BLUR, customer_id=customer_id, decimals=BLUR_DECIMALS)


def _shred(work: Work, key_id: str) -> bool:
    """Not under a hold: a hold being placed at this moment has the key locked, so it is either seen here or waits."""
    key = work.one(_LOCK_KEY, key_id=key_id)
    possible = key is not None and not work.run(_HELD, key_id=key_id)[0]["held"]
    if key is not None and possible:
        if key["purpose"] == "sales":
            _tell_dossiers(work, key)
        else:
            forget_places(work, key["subject_id"])
        vault.destroy(work, [key_id])
    work.checkpoint()
    return possible


def _tell_dossiers(work: Work, key: Row) -> None:
    for row in work.run(_SALES_OF_KEY, key_id=key["key_id"]):
        order = orders.load(work, row["order_id"])
        data = {"evidence_id": row["entry_id"], "retained_until": key["retain_until"].isoformat()}
        orders.apply(work, order, rules.note(order.facts, "sale_record_destroyed", data), PLATFORM)


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
_SALES_OF_KEY = "SELECT order_id, entry_id FROM delivery_sales WHERE key_id = :key_id ORDER BY order_id"

_BLUR = """
    WITH blurred AS (
        UPDATE orders SET dropoff_lat = round(CAST(dropoff_lat AS numeric), :decimals),
            dropoff_lng = round(CAST(dropoff_lng AS numeric), :decimals), address_id = NULL
        WHERE customer_id = :customer_id RETURNING order_id, dropoff_lat, dropoff_lng
    )
    UPDATE tasks t SET
        dropoff_lat = CASE WHEN t.kind = 'delivery' THEN b.dropoff_lat ELSE t.dropoff_lat END,
        dropoff_lng = CASE WHEN t.kind = 'delivery' THEN b.dropoff_lng ELSE t.dropoff_lng END,
        pickup_lat = CASE WHEN t.kind = 'return' THEN b.dropoff_lat ELSE t.pickup_lat END,
        pickup_lng = CASE WHEN t.kind = 'return' THEN b.dropoff_lng ELSE t.pickup_lng END
    FROM blurred b WHERE t.order_id = b.order_id
"""
