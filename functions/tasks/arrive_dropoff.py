"""POST /v1/tasks/{task_id}/arrive_dropoff: at the door, or back at the store with a return."""

from shared.dispatch import tasks
from shared.dispatch.views import TaskView, task
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint(
    "POST",
    "/v1/tasks/{task_id}/arrive_dropoff",
    roles={Role.DRIVER},
    owner=Owner.TASK,
    idempotency="optional",
    uses=PUBLISHES,
)
def arrive_dropoff(task_id: str, work: Work) -> TaskView:
    return task(tasks.arrive_dropoff(work, task_id))
