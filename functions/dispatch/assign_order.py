"""POST /v1/admin/orders/{order_id}/assign: offer an order to a driver by hand, or force it with a reason."""

from pydantic import Field, model_validator

from shared.dispatch import manual
from shared.http.endpoint import endpoint
from shared.kernel.deployment import ENQUEUES, SOLVER
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import service as orders
from shared.orders import views
from shared.orders.views import OrderView
from shared.storage.work import Work


class AssignOrder(Command):
    driver_id: str = Field(max_length=64)
    force: bool = False
    reason: str | None = Field(default=None, min_length=3, max_length=200)

    @model_validator(mode="after")
    def forcing_needs_a_reason(self) -> "AssignOrder":
        if self.force and self.reason is None:
            raise ValueError("forcing an order on a driver needs a reason: it goes into the dossier")
        return self


@endpoint(
    "POST",
    "/v1/admin/orders/{order_id}/assign",
    roles={Role.ADMIN},
    idempotency="optional",
    process="dispatch",
    uses=ENQUEUES,
    sizing=SOLVER,
)
def assign_order(command: AssignOrder, order_id: str, caller: Caller, work: Work) -> OrderView:
    order = orders.load(work, order_id)
    reason = command.reason if command.force else None
    order = manual.assign(work, order, command.driver_id, forced_because=reason, actor=Actor.of(caller))
    return views.order(order, caller)
