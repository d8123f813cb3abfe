"""GET /v1/drivers/{driver_id}/task: the offer to answer, the task to do next with its trip; else where work is expected."""

from shared.dispatch import hints, stops
from shared.dispatch.views import DriverWorkView, driver_work
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/drivers/{driver_id}/task", roles={Role.DRIVER}, owner=Owner.DRIVER, sizing=BUSY)
def get_work(driver_id: str, work: Work) -> DriverWorkView:
    offered, held = stops.of_driver(work, driver_id)
    return driver_work(offered, held, None if offered or held else hints.live(work, driver_id))
