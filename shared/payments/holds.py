"""Holds that are about to lapse: a newer one takes their place, while the order still rests on them."""

from datetime import timedelta

from shared.orders import service as orders
from shared.orders.service import Order
from shared.payments import service as payments
from shared.payments.protocol import Processors
from shared.storage.work import Work

MARGIN = timedelta(hours=24)
"""How long before it lapses a hold is replaced. Cards hold for days, a delivery takes an hour: this is for what got stuck."""


def lapsing(work: Work, limit: int) -> list[str]:
    """Orders whose hold lapses within `MARGIN`, and that nobody has been told of yet."""
    rows = work.run(_LAPSING, before=work.now + MARGIN, limit=limit)
    return [row["order_id"] for row in rows]


def replace(work: Work, order_id: str, processors: Processors) -> Order:
    """Ask for a new hold with the same card; gives the order, flagged `hold_lapsing` when the card said no.

    Raises Unavailable.
    """
    order = orders.load(work, order_id)
    hold = work.one(_HOLD, order_id=order_id)
    if hold is not None:
        payments.open_authorization(
            work, order, hold["processor"], hold["account"], hold["method_token"], replaces=hold["reference"]
        )
    return payments.carry_out(work, order_id, processors)


_RESTED_ON = """
    FROM payment_intents i JOIN orders o USING (order_id)
    WHERE i.kind = 'authorize' AND i.status = 'succeeded' AND o.payment_status = 'authorized'
      AND NOT EXISTS (SELECT FROM payment_intents open WHERE open.order_id = i.order_id
                      AND open.kind = 'authorize' AND open.status IN ('pending', 'unknown'))
"""
"""Holds that an order rests on, and that nothing newer is being asked for in their place."""

_LAPSING = f"""
    SELECT i.order_id {_RESTED_ON}
      AND i.capture_before < :before AND o.stuck_reason IS DISTINCT FROM 'hold_lapsing'
    ORDER BY i.capture_before LIMIT :limit
"""
_HOLD = f"SELECT i.processor, i.account, i.method_token, i.reference {_RESTED_ON} AND i.order_id = :order_id"
