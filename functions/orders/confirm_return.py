"""POST /v1/orders/{order_id}/return/confirm: the store has its goods back."""

from enum import StrEnum

from shared.dispatch import tasks
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import placement, rules, views
from shared.orders import service as orders
from shared.orders.states import Step
from shared.orders.views import OrderView
from shared.storage.work import Work


class Condition(StrEnum):
    SEALED = "sealed"
    OPENED = "opened"
    DAMAGED = "damaged"


class ConfirmReturn(Command):
    condition: Condition


@endpoint(
    "POST",
    "/v1/orders/{order_id}/return/confirm",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.ORDER,
    idempotency="optional",
    uses=PUBLISHES,
)
def confirm_return(command: ConfirmReturn, order_id: str, caller: Caller, work: Work) -> OrderView:
    order = orders.load(work, order_id)
    handover = {"condition": command.condition.value, "received_from": order.row["driver_id"]}
    decision = rules.decide(order.facts, Step.CONFIRM_RETURN, handover)
    order = orders.apply(work, order, decision, Actor.of(caller))
    tasks.finish(work, order)
    if command.condition == Condition.SEALED:
        placement.restock(work, order)
    return views.order(order, caller)
