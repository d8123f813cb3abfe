"""POST /v1/admin/orders/{order_id}/reassign: take an order from a driver who has not fetched it; others are offered it.

The driver is relieved of everything on the trip that is not fetched yet.
"""

from pydantic import Field

from shared.dispatch import manual, relief
from shared.http.endpoint import endpoint
from shared.kernel.deployment import ENQUEUES, SOLVER
from shared.kernel.errors import BadInput
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import service as orders
from shared.orders import views
from shared.orders.views import OrderView
from shared.storage.work import Work


class ReassignOrder(Command):
    """Without `driver_id` the next tick chooses. A driver who was heard of lately is relieved only for a `reason`."""

    driver_id: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, min_length=3, max_length=200)


@endpoint(
    "POST",
    "/v1/admin/orders/{order_id}/reassign",
    roles={Role.ADMIN},
    idempotency="optional",
    process="dispatch",
    uses=ENQUEUES,
    sizing=SOLVER,
)
def reassign_order(command: ReassignOrder, order_id: str, caller: Caller, work: Work) -> OrderView:
    actor = Actor.of(caller)
    reason = command.reason or ("driver_silent" if manual.silent_for_long(work, orders.read(work, order_id)) else None)
    if reason is None:
        raise BadInput.field("body.reason", "is needed: the driver was heard of within the last ten minutes")
    order = relief.relieve(work, order_id, reason, actor)
    if command.driver_id is not None:
        order = manual.assign(work, order, command.driver_id, forced_because=None, actor=actor)
    return views.order(order, caller)
