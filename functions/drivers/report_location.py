"""POST /v1/drivers/{driver_id}/location: one position or a batch; the last by the device's time counts."""

from datetime import datetime

from pydantic import Field

from shared.drivers import locations
from shared.drivers.locations import Sighting
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, READS, Resource
from shared.kernel.roles import Role
from shared.kernel.wire import Command, PositionModel, View
from shared.storage.work import Work
from shared.wiring.live import live_store


class Reported(PositionModel):
    at: datetime
    heading: float = Field(default=0.0, ge=0, lt=360)


class ReportLocation(Command):
    positions: list[Reported] = Field(min_length=1, max_length=100)


class LocationView(View):
    accepted: int
    ignored: int


@endpoint(
    "POST",
    "/v1/drivers/{driver_id}/location",
    roles={Role.DRIVER},
    owner=Owner.DRIVER,
    uses=READS | {Resource.LIVE_WRITE},
    sizing=BUSY,
)
def report_location(command: ReportLocation, driver_id: str, work: Work) -> LocationView:
    sightings = [Sighting(reported.position(), reported.at, reported.heading) for reported in command.positions]
    accepted = locations.report(work, live_store(), driver_id, sightings)
    return LocationView(accepted=accepted, ignored=len(sightings) - accepted)
