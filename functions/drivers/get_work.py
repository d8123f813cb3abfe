"""GET /v1/drivers/{driver_id}/task: the offer to answer and the task in hand."""

from shared.dispatch import tasks
from shared.dispatch.views import DriverWorkView, driver_work
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/drivers/{driver_id}/task", roles={Role.DRIVER}, owner=Owner.DRIVER, sizing=BUSY)
def get_work(driver_id: str, work: Work) -> DriverWorkView:
    return driver_work(tasks.of_driver(work, driver_id))
