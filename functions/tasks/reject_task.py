"""POST /v1/tasks/{task_id}/reject: decline an offer; the task goes to someone else."""

from typing import Literal

from shared.dispatch import offers
from shared.dispatch.views import TaskView, task
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class RejectTask(Command):
    reason: Literal["too_far", "payout", "busy", "other"]


@endpoint(
    "POST",
    "/v1/tasks/{task_id}/reject",
    roles={Role.DRIVER},
    owner=Owner.CONTESTED_TASK,
    idempotency="optional",
    uses=PUBLISHES,
)
def reject_task(command: RejectTask, task_id: str, caller: Caller, work: Work) -> TaskView:
    return task(offers.reject(work, task_id, caller.tenant_id, command.reason))
