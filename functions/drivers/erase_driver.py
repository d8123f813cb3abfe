"""DELETE /v1/drivers/{driver_id}: close a driver's account and destroy who that is; the answer says what is kept."""

from shared.drivers import locations
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import erasure, views
from shared.privacy.driver import Driver
from shared.privacy.views import ErasureView
from shared.storage.work import Work
from shared.wiring.live import live_store
from shared.wiring.vault import key_encryption


@endpoint(
    "DELETE",
    "/v1/drivers/{driver_id}",
    roles={Role.DRIVER},
    owner=Owner.DRIVER,
    uses=PUBLISHES | {Resource.VAULT, Resource.LIVE_WRITE},
)
def erase_driver(driver_id: str, caller: Caller, work: Work) -> ErasureView:
    subject = Driver(driver_id)
    remaining = erasure.erase(work, subject, caller.account_id, key_encryption())
    locations.forget(work, live_store(), driver_id)
    return views.erasure(subject, remaining)
