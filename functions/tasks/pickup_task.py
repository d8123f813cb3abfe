"""POST /v1/tasks/{task_id}/pickup: the goods are in the driver's hands."""

from shared.dispatch import tasks
from shared.dispatch.views import TaskView, task
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint(
    "POST", "/v1/tasks/{task_id}/pickup", roles={Role.DRIVER}, owner=Owner.TASK, idempotency="optional", uses=PUBLISHES
)
def pickup_task(task_id: str, work: Work) -> TaskView:
    return task(tasks.pick_up(work, task_id))
