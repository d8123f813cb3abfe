"""POST /internal/dispatch/schedule: each minute, enqueue the coming minute's ticks where work waits."""

from shared.dispatch import slots
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, ENQUEUES
from shared.kernel.wire import View
from shared.storage.work import Work


class ScheduleView(View):
    enqueued: int


@endpoint("POST", "/internal/dispatch/schedule", roles=INTERNAL, uses=ENQUEUES, sizing=CHORE)
def schedule(work: Work) -> ScheduleView:
    return ScheduleView(enqueued=slots.schedule(work))
