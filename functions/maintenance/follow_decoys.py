"""POST /internal/maintenance/follow_decoys: find the orders that test buyers placed, and keep what became of them."""

from shared.decoys import service as decoys
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE
from shared.kernel.wire import View
from shared.storage.work import Work


class FollowedView(View):
    settled: int


@endpoint("POST", "/internal/maintenance/follow_decoys", roles=INTERNAL, sizing=CHORE)
def follow_decoys(work: Work) -> FollowedView:
    return FollowedView(settled=decoys.follow(work))
