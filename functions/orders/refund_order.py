"""POST /v1/orders/{order_id}/refund: give the customer back what was captured, or a part of it."""

from enum import StrEnum

from pydantic import Field

from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller
from shared.kernel.wire import Command
from shared.orders import views
from shared.orders.views import OrderView
from shared.payments import refunds
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class RefundReason(StrEnum):
    MISSING_ITEM = "missing_item"
    WRONG_ITEM = "wrong_item"
    DAMAGED = "damaged"
    LATE = "late"
    OTHER = "other"


class RefundOrder(Command):
    amount_minor: int = Field(ge=1, le=100_000_000)
    reason: RefundReason


@endpoint(
    "POST",
    "/v1/orders/{order_id}/refund",
    roles=OPERATORS,
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def refund_order(command: RefundOrder, order_id: str, caller: Caller, work: Work) -> OrderView:
    actor = Actor.of(caller)
    order = refunds.refund(work, order_id, command.amount_minor, command.reason.value, actor, processor)
    payments.settle(work, order_id, processor)
    return views.order(order, caller)
