"""POST /v1/drivers/{driver_id}/online: begin a shift; refused with the list of documents that stand in the way."""

from datetime import datetime

from shared.drivers import locations, shifts, views
from shared.drivers.locations import Sighting
from shared.drivers.views import DriverView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Role
from shared.kernel.wire import Command, PositionModel
from shared.storage.work import Work
from shared.wiring.live import live_store


class GoOnline(Command):
    position: PositionModel
    shift_ends_at: datetime | None = None


@endpoint(
    "POST",
    "/v1/drivers/{driver_id}/online",
    roles={Role.DRIVER},
    owner=Owner.DRIVER,
    uses=PUBLISHES | {Resource.LIVE_WRITE},
)
def go_online(command: GoOnline, driver_id: str, work: Work) -> DriverView:
    driver = shifts.go_online(work, driver_id, command.shift_ends_at)
    locations.report(work, live_store(), driver_id, [Sighting(command.position.position(), work.now, heading=0.0)])
    return views.driver(driver)
