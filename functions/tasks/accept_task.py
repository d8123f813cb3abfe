"""POST /v1/tasks/{task_id}/accept: take an offered task; the first driver wins."""

from shared.dispatch import offers
from shared.dispatch.views import TaskView, task
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, PUBLISHES
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work


@endpoint(
    "POST",
    "/v1/tasks/{task_id}/accept",
    roles={Role.DRIVER},
    owner=Owner.CONTESTED_TASK,
    idempotency="required",
    uses=PUBLISHES,
    sizing=BUSY,
)
def accept_task(task_id: str, caller: Caller, work: Work) -> TaskView:
    return task(offers.accept(work, task_id, caller.tenant_id))
