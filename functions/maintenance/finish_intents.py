"""POST /internal/maintenance/finish_intents: ask again for every payment whose answer a crash or an outage swallowed."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.errors import Unavailable
from shared.kernel.wire import View
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor

BATCH = 50


class FinishedView(View):
    finished: int
    unanswered: int


@endpoint(
    "POST", "/internal/maintenance/finish_intents", roles=INTERNAL, uses=PUBLISHES | {Resource.PAYMENTS}, sizing=CHORE
)
def finish_intents(work: Work) -> FinishedView:
    finished = unanswered = 0
    for order_id in payments.left_open(work, BATCH):
        try:
            payments.carry_out(work, order_id, processor)
            finished += 1
        except Unavailable:
            work.rollback()
            unanswered += 1
    return FinishedView(finished=finished, unanswered=unanswered)
