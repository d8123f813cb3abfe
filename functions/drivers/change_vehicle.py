"""PUT /v1/drivers/{driver_id}/vehicle: what the driver drives now."""

from shared.drivers import service as drivers
from shared.drivers import views
from shared.drivers.fields import Vehicle
from shared.drivers.views import DriverView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("PUT", "/v1/drivers/{driver_id}/vehicle", roles={Role.DRIVER, Role.ADMIN}, owner=Owner.DRIVER)
def change_vehicle(command: Vehicle, driver_id: str, work: Work) -> DriverView:
    return views.driver(drivers.change_vehicle(work, driver_id, command.model_dump()))
