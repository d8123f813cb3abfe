"""POST /internal/events/project_tracking: bring an event to those who watch: order, merchant, driver, region."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, READS, Resource
from shared.kernel.wire import View
from shared.live import projection
from shared.messaging.push import Push
from shared.storage.work import Work
from shared.wiring.live import live_store


class ProjectedView(View):
    projected: bool


@endpoint("POST", "/internal/events/project_tracking", roles=INTERNAL, uses=READS | {Resource.LIVE_WRITE}, sizing=BUSY)
def project_tracking(command: Push, work: Work) -> ProjectedView:
    return ProjectedView(projected=projection.project(work, live_store(), command.message.id, command.message.body()))
