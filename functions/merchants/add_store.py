"""POST /v1/merchants/{merchant_id}/stores: open a store with its hours, place and delivery zone."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command, PositionModel
from shared.merchants import stores, views
from shared.merchants.fields import (
    ExternalId,
    Hours,
    Jurisdiction,
    Name,
    PrepMinutes,
    RadiusM,
    RegionId,
    StoreAddress,
    stored,
)
from shared.merchants.views import StoreView
from shared.storage.work import Work


class AddStore(Command):
    name: Name
    address: StoreAddress
    position: PositionModel
    region_id: RegionId
    jurisdiction: Jurisdiction
    hours: Hours
    open: bool
    prep_minutes: PrepMinutes
    radius_m: RadiusM
    external_id: ExternalId | None = None


@endpoint(
    "POST",
    "/v1/merchants/{merchant_id}/stores",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
    idempotency="optional",
    status=201,
)
def add_store(command: AddStore, merchant_id: str, work: Work) -> StoreView:
    return views.store(stores.add(work, merchant_id, stored(command)))
