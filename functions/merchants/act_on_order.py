"""POST /v1/merchants/{merchant_id}/stores/{store_id}/orders/{order_id}/action: accept, reject, prepare, make ready."""

from typing import Literal

from pydantic import Field, model_validator

from shared.dispatch import tasks
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.errors import NotFound
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import clearance, placement, rules, views
from shared.orders import service as orders
from shared.orders.states import Step
from shared.orders.views import OrderView
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class ActOnOrder(Command):
    action: Literal["accept", "reject", "preparing", "ready"]
    prep_minutes: int | None = Field(default=None, ge=0, le=240)
    reason: str | None = Field(default=None, min_length=2, max_length=64, pattern=r"^[a-z_]+$")
    label_version: str | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def a_rejection_has_a_reason(self) -> "ActOnOrder":
        if self.action == "reject" and self.reason is None:
            raise ValueError("a rejection needs a reason, like out_of_stock")
        return self


@endpoint(
    "POST",
    "/v1/merchants/{merchant_id}/stores/{store_id}/orders/{order_id}/action",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
    idempotency="optional",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def act_on_order(
    command: ActOnOrder, merchant_id: str, store_id: str, order_id: str, caller: Caller, work: Work
) -> OrderView:
    order = orders.load(work, order_id)
    if (order.row["merchant_id"], order.row["store_id"]) != (merchant_id, store_id):
        raise NotFound.of("order", order_id)
    actor = Actor.of(caller)
    if command.action == "accept":
        prep_minutes = order.row["prep_minutes"] if command.prep_minutes is None else command.prep_minutes
        order = orders.apply(work, order, rules.accept(order.facts, now=work.now, prep_minutes=prep_minutes), actor)
        tasks.open_delivery(work, order)
    elif command.action == "preparing":
        order = orders.apply(work, order, rules.decide(order.facts, Step.PREPARE), actor)
    elif command.action == "ready":
        with clearance.refusals_recorded(work, order_id, actor):
            decision = rules.mark_ready(order.facts, order.policy, now=work.now, label_version=command.label_version)
        order = orders.apply(work, order, decision, actor)
        tasks.goods_ready(work, order)
    else:
        order = orders.apply(work, order, rules.reject(order.facts, reason=command.reason or ""), actor)
        placement.restock(work, order)
        payments.settle(work, order_id, processor)
    return views.order(order, caller)
