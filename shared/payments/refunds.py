"""Giving captured money back."""

from shared.kernel.roles import Actor
from shared.orders import payment
from shared.orders import service as orders
from shared.orders.payment import RefundNotPossible
from shared.orders.service import Order
from shared.payments.protocol import Processors
from shared.storage.work import Work


def refund(work: Work, order_id: str, amount_minor: int, reason: str, actor: Actor, processors: Processors) -> Order:
    """Write down that so much is to be given back; `settle` then asks for it. Raises RefundNotPossible."""
    order = orders.load(work, order_id)
    hold = work.one(_HOLD, order_id=order_id)
    if hold is not None and not processors(hold["processor"]).capabilities.refund:
        raise RefundNotPossible("It was paid on the store's own terminal: the store gives it back there.")
    return orders.apply(work, order, payment.refund(order.facts, amount_minor=amount_minor, reason=reason), actor)


_HOLD = (
    "SELECT processor FROM payment_intents WHERE order_id = :order_id AND kind = 'authorize' AND status = 'succeeded'"
)
