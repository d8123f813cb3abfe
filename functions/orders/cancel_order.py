"""POST /v1/orders/{order_id}/cancel: call an order off before it is picked up; the hold is given back."""

from enum import StrEnum

from shared.dispatch import tasks
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import placement, rules, views
from shared.orders import service as orders
from shared.orders.views import OrderView
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class CancelReason(StrEnum):
    CHANGED_MIND = "changed_mind"
    TOO_SLOW = "too_slow"
    MISTAKE = "mistake"
    STORE_PROBLEM = "store_problem"
    OTHER = "other"


class CancelOrder(Command):
    reason: CancelReason


@endpoint(
    "POST",
    "/v1/orders/{order_id}/cancel",
    roles={Role.CUSTOMER, Role.MERCHANT} | OPERATORS,
    owner=Owner.ORDER,
    idempotency="optional",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def cancel_order(command: CancelOrder, order_id: str, caller: Caller, work: Work) -> OrderView:
    order = orders.load(work, order_id)
    decision = rules.cancel(order.facts, reason=command.reason.value, by=caller.role)
    order = orders.apply(work, order, decision, Actor.of(caller))
    tasks.cancel(work, order)
    placement.restock(work, order)
    payments.settle(work, order_id, processor)
    return views.order(order, caller)
