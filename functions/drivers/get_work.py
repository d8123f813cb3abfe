"""GET /v1/drivers/{driver_id}/task: the offer to answer, the task to do next, and the trip it is part of."""

from shared.dispatch import stops
from shared.dispatch.views import DriverWorkView, driver_work
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/drivers/{driver_id}/task", roles={Role.DRIVER}, owner=Owner.DRIVER)
def get_work(driver_id: str, work: Work) -> DriverWorkView:
    return driver_work(*stops.of_driver(work, driver_id))
