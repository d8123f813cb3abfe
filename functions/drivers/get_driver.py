"""GET /v1/drivers/{driver_id}: a driver's profile."""

from shared.drivers import service as drivers
from shared.drivers import views
from shared.drivers.views import DriverView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/drivers/{driver_id}", roles={Role.DRIVER, Role.ADMIN}, owner=Owner.DRIVER)
def get_driver(driver_id: str, work: Work) -> DriverView:
    return views.driver(drivers.read(work, driver_id))
