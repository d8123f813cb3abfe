"""POST /v1/drivers/{driver_id}/offline: end the shift; refused while a task is in hand."""

from shared.drivers import shifts, views
from shared.drivers.views import DriverView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("POST", "/v1/drivers/{driver_id}/offline", roles={Role.DRIVER}, owner=Owner.DRIVER, uses=PUBLISHES)
def go_offline(driver_id: str, work: Work) -> DriverView:
    return views.driver(shifts.go_offline(work, driver_id))
