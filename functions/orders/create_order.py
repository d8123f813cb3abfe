"""POST /v1/orders: redeem a price; goods are reserved, the dossier begins."""

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, PUBLISHES
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.orders import placement, views
from shared.orders.views import OrderView
from shared.storage.work import Work


class CreateOrder(Command):
    price_id: str = Field(max_length=64)
    external_id: str | None = Field(default=None, min_length=1, max_length=128)
    certification_version: str | None = Field(default=None, max_length=64)
    livemode: bool = False


@endpoint("POST", "/v1/orders", roles={Role.CUSTOMER}, idempotency="required", status=201, uses=PUBLISHES, sizing=BUSY)
def create_order(command: CreateOrder, caller: Caller, work: Work) -> OrderView:
    placed = placement.place(
        work,
        caller.tenant_id,
        command.price_id,
        external_id=command.external_id,
        certification_version=command.certification_version,
        livemode=command.livemode,
    )
    return views.order(placed, caller)
