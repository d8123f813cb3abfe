"""POST /v1/tasks/{task_id}/arrive_pickup: at the store."""

from shared.dispatch import tasks
from shared.dispatch.views import TaskView, task
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint(
    "POST",
    "/v1/tasks/{task_id}/arrive_pickup",
    roles={Role.DRIVER},
    owner=Owner.TASK,
    idempotency="optional",
    uses=PUBLISHES,
)
def arrive_pickup(task_id: str, work: Work) -> TaskView:
    return task(tasks.arrive_pickup(work, task_id))
