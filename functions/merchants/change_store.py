"""PATCH /v1/merchants/{merchant_id}/stores/{store_id}: change a store, close or reopen it; what is left out stays."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command, PositionModel
from shared.merchants import stores, views
from shared.merchants.fields import (
    UNCHANGED,
    ExternalId,
    Hours,
    Jurisdiction,
    Name,
    PrepMinutes,
    RadiusM,
    RegionId,
    StoreAddress,
    sent,
)
from shared.merchants.views import StoreView
from shared.storage.work import Work


class ChangeStore(Command):
    name: Name = UNCHANGED
    address: StoreAddress = UNCHANGED
    position: PositionModel = UNCHANGED
    region_id: RegionId = UNCHANGED
    jurisdiction: Jurisdiction = UNCHANGED
    hours: Hours = UNCHANGED
    open: bool = UNCHANGED
    prep_minutes: PrepMinutes = UNCHANGED
    radius_m: RadiusM = UNCHANGED
    external_id: ExternalId | None = UNCHANGED


@endpoint(
    "PATCH",
    "/v1/merchants/{merchant_id}/stores/{store_id}",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
)
def change_store(command: ChangeStore, merchant_id: str, store_id: str, work: Work) -> StoreView:
    return views.store(stores.change(work, merchant_id, store_id, sent(command)))
