"""POST /v1/orders/{order_id}/refuse: the goods were not handed over; the hold is given back, the driver brings them back."""

from enum import StrEnum

from shared.dispatch import tasks
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import rules, views
from shared.orders import service as orders
from shared.orders.views import OrderView
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class RefusalReason(StrEnum):
    UNDERAGE = "underage"
    NO_ID = "no_id"
    ID_MISMATCH = "id_mismatch"
    ID_EXPIRED = "id_expired"
    DOCUMENT_UNREADABLE = "document_unreadable"
    SUSPECTED_COUNTERFEIT = "suspected_counterfeit"
    INTOXICATED = "intoxicated"
    NOBODY_HOME = "nobody_home"
    RECIPIENT_DECLINED = "recipient_declined"
    WRONG_ADDRESS = "wrong_address"
    DOCUMENTS_LAPSED = "documents_lapsed"


class RefuseDelivery(Command):
    reason: RefusalReason


@endpoint(
    "POST",
    "/v1/orders/{order_id}/refuse",
    roles={Role.DRIVER} | OPERATORS,
    owner=Owner.ORDER,
    idempotency="optional",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def refuse_delivery(command: RefuseDelivery, order_id: str, caller: Caller, work: Work) -> OrderView:
    order = orders.load(work, order_id)
    decision = rules.refuse(order.facts, reason=command.reason.value)
    return_task_id = tasks.turn_back(work, order)
    decision = rules.with_return_task(decision, return_task_id)
    order = orders.apply(work, order, decision, Actor.of(caller))
    payments.settle(work, order_id, processor)
    return views.order(order, caller)
