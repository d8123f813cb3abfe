"""POST /internal/dispatch/expire_offer: the task at an offer's deadline; an offer answered in time is left alone."""

from pydantic import Field

from shared.dispatch import offers
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, PUBLISHES
from shared.kernel.wire import Command, View
from shared.storage.work import Work


class ExpireOffer(Command):
    offer_id: str = Field(max_length=64)


class ExpiredView(View):
    expired: int


@endpoint("POST", "/internal/dispatch/expire_offer", roles=INTERNAL, uses=PUBLISHES, sizing=BUSY)
def expire_offer(command: ExpireOffer, work: Work) -> ExpiredView:
    return ExpiredView(expired=int(offers.expire(work, command.offer_id)))
