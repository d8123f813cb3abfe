"""Orders that stopped moving: abandoned checkouts give their goods back, the rest is shown to an operator."""

from datetime import timedelta

from shared.kernel.roles import PLATFORM, Role
from shared.orders import placement, rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Status
from shared.storage.work import Work

ABANDONED_AFTER = timedelta(minutes=30)
PATIENCE = {
    Status.PAYMENT_AUTHORIZED: timedelta(minutes=10),
    Status.ACCEPTED: timedelta(minutes=60),
    Status.PREPARING: timedelta(minutes=60),
    Status.READY: timedelta(minutes=20),
    Status.DISPATCHED: timedelta(minutes=45),
    Status.PICKED_UP: timedelta(minutes=60),
    Status.ARRIVED: timedelta(minutes=20),
    Status.DOORSTEP_PASSED: timedelta(minutes=10),
    Status.REFUSED: timedelta(hours=3),
}
"""How long an order may rest in a status before a person should look at it."""

BATCH = 100


def flag(work: Work) -> int:
    """Mark what rests too long; an order is marked once per rest. Gives the number marked."""
    flagged = 0
    for status, patience in PATIENCE.items():
        for row in work.run(_RESTING, status=status.value, before=work.now - patience, limit=BATCH):
            order = Order(row)
            reason = f"resting_in_{status.value}"
            note = rules.note(order.facts, "flagged_stuck", {"reason": reason}, stuck_reason=reason)
            orders.apply(work, order, note, PLATFORM)
            flagged += 1
    return flagged


def cancel_abandoned(work: Work) -> int:
    """Cancel checkouts that were begun and left; what they reserved can be sold again."""
    cancelled = 0
    for row in work.run(_ABANDONED, before=work.now - ABANDONED_AFTER, limit=BATCH):
        order = Order(row)
        decision = rules.cancel(order.facts, reason="abandoned", by=Role.INTERNAL)
        orders.apply(work, order, decision, PLATFORM)
        placement.restock(work, order)
        cancelled += 1
    return cancelled


_RESTING = """
    SELECT * FROM orders
    WHERE status = :status AND updated_at < :before AND stuck_reason IS NULL
    ORDER BY order_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_ABANDONED = """
    SELECT * FROM orders o
    WHERE status IN ('created', 'age_pending', 'age_verified', 'payment_declined') AND updated_at < :before
      AND NOT EXISTS (SELECT FROM payment_intents i WHERE i.order_id = o.order_id AND i.status IN ('pending', 'unknown'))
    ORDER BY order_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
