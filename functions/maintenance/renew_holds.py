"""POST /internal/maintenance/renew_holds: replace holds that are about to lapse, or call the order off."""

from shared.dispatch import tasks
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.errors import Unavailable
from shared.kernel.roles import PLATFORM, Role
from shared.kernel.wire import View
from shared.orders import placement, rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Step, transition
from shared.payments import holds
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor

BATCH = 50


class RenewedView(View):
    """Holds that were looked at, orders called off among them, and those for which the processor gave no answer."""

    renewed: int
    cancelled: int
    unanswered: int


@endpoint(
    "POST", "/internal/maintenance/renew_holds", roles=INTERNAL, uses=PUBLISHES | {Resource.PAYMENTS}, sizing=CHORE
)
def renew_holds(work: Work) -> RenewedView:
    renewed = cancelled = unanswered = 0
    for order_id in holds.lapsing(work, BATCH):
        try:
            order = holds.replace(work, order_id, processor)
            if order.row["stuck_reason"] != "hold_lapsing":
                renewed += 1
            elif transition(Step.CANCEL, order.status) is not None:
                call_off(work, order)
                cancelled += 1
        except Unavailable:
            work.rollback()
            unanswered += 1
    return RenewedView(renewed=renewed, cancelled=cancelled, unanswered=unanswered)


def call_off(work: Work, order: Order) -> None:
    """The goods are still in the store: better no sale than one without a payment."""
    order = orders.load(work, order.id)
    decision = rules.cancel(order.facts, reason="hold_lapsed", by=Role.INTERNAL)
    order = orders.apply(work, order, decision, PLATFORM)
    tasks.cancel(work, order)
    placement.restock(work, order)
    payments.carry_out(work, order.id, processor)
