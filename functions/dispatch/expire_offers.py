"""POST /internal/dispatch/expire_offers: the sweeper behind the deadlines: whatever ran out is ended."""

from pydantic import Field

from shared.dispatch import offers
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES
from shared.kernel.wire import Query, View
from shared.storage.work import Work


class SweepQuery(Query):
    limit: int = Field(default=200, ge=1, le=1_000)


class SweepView(View):
    expired: int


@endpoint("POST", "/internal/dispatch/expire_offers", roles=INTERNAL, uses=PUBLISHES, sizing=CHORE)
def expire_offers(query: SweepQuery, work: Work) -> SweepView:
    overdue = offers.overdue(work, query.limit)
    work.checkpoint()
    expired = 0
    for offer_id in overdue:
        expired += offers.expire(work, offer_id)
        work.checkpoint()
    return SweepView(expired=expired)
