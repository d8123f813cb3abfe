"""GET /v1/drivers/{driver_id}/export: everything that is stored about a driver, in one file."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import export, views
from shared.privacy.views import DriverExportView
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint(
    "GET",
    "/v1/drivers/{driver_id}/export",
    roles={Role.DRIVER},
    owner=Owner.DRIVER,
    uses=READS | {Resource.VAULT},
    attachment="everything-about-me.json",
)
def export_driver(driver_id: str, caller: Caller, work: Work) -> DriverExportView:
    found = export.of_driver(work, driver_id, caller.account_id, key_encryption())
    return views.of_driver(found, work.now.date())
