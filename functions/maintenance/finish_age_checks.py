"""POST /internal/maintenance/finish_age_checks: ask for answers that never came, and have people deleted who are not needed."""

from collections.abc import Callable

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.errors import Unavailable
from shared.kernel.wire import View
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.verification import finishing
from shared.verification.protocol import AgeVerifier
from shared.wiring.verification import verifier

MOST_UNANSWERED = 3
"""So many without an answer and the provider is away; fewer do not keep the others waiting."""


class FinishedChecksView(View):
    """`answered` is False when the provider did not answer all; the rest is done in the next minute."""

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
    provider = verifier()
    asked, silent = each(work, finishing.overdue(work, provider), provider, finishing.ask_again)
    deleted = 0
    if silent < MOST_UNANSWERED:
        deleted, more = each(work, finishing.no_longer_needed(work, provider), provider, finishing.forget)
        silent += more
    return FinishedChecksView(asked=asked, deleted=deleted, answered=silent == 0)


def each(
    work: Work, checks: list[Row], provider: AgeVerifier, act: Callable[[Work, Row, AgeVerifier], None]
) -> tuple[int, int]:
    """(how many were done, how many were not answered)"""
    done = unanswered = 0
    for check in checks:
        try:
            act(work, check, provider)
            done += 1
        except Unavailable:
            work.rollback()
            unanswered += 1
            if unanswered == MOST_UNANSWERED:
                break
    return done, unanswered
