"""POST /v1/drivers: make or change a driver's profile."""

from pydantic import Field

from shared.drivers import service as drivers
from shared.drivers import views
from shared.drivers.fields import Vehicle
from shared.drivers.views import DriverView
from shared.http.endpoint import endpoint
from shared.kernel.errors import BadInput
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class SaveDriver(Command):
    first_name: str = Field(min_length=1, max_length=60)
    region_id: str = Field(min_length=1, max_length=64)
    vehicle: Vehicle
    driver_id: str | None = Field(default=None, max_length=64)


@endpoint("POST", "/v1/drivers", roles={Role.DRIVER, Role.ADMIN}, idempotency="optional", status=201)
def save_driver(command: SaveDriver, caller: Caller, work: Work) -> DriverView:
    driver_id = caller.tenant_id if caller.role == Role.DRIVER else command.driver_id
    if driver_id is None:
        raise BadInput.field("body.driver_id", "names the driver whose profile an administrator writes")
    vehicle = command.vehicle.model_dump()
    return views.driver(drivers.save_profile(work, driver_id, command.first_name, command.region_id, vehicle))
