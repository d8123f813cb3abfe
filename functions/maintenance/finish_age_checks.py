"""POST /internal/maintenance/finish_age_checks: ask for answers that never came, and have people deleted who are not needed."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.errors import Unavailable
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.verification import finishing
from shared.wiring.verification import verifier


class FinishedChecksView(View):
    """`answered` is False when the provider was away; the rest is done in the next minute."""

    asked: int
    deleted: int
    answered: bool


@endpoint(
    "POST",
    "/internal/maintenance/finish_age_checks",
    roles=INTERNAL,
    uses=PUBLISHES | {Resource.VERIFICATION},
    sizing=CHORE,
)
def finish_age_checks(work: Work) -> FinishedChecksView:
    asked = deleted = 0
    provider = verifier()
    try:
        for check in finishing.overdue(work, provider):
            finishing.ask_again(work, check, provider)
            asked += 1
        for check in finishing.no_longer_needed(work, provider):
            finishing.forget(work, check, provider)
            deleted += 1
    except Unavailable:
        work.rollback()
        return FinishedChecksView(asked=asked, deleted=deleted, answered=False)
    return FinishedChecksView(asked=asked, deleted=deleted, answered=True)
