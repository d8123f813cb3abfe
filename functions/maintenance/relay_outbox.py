"""POST /internal/outbox/relay: publish what a crash left between a commit and its publishing."""

from datetime import timedelta

from shared.dispatch import announcements
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, ENQUEUES
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.wiring.messaging import broker

SETTLED = timedelta(seconds=10)
BATCH = 500
BATCHES = 40
"""In one minute, so that what a large tick left goes out at once."""


class RelayedView(View):
    relayed: int


@endpoint("POST", "/internal/outbox/relay", roles=INTERNAL, uses=ENQUEUES, sizing=CHORE)
def relay_outbox(work: Work) -> RelayedView:
    before = work.now - SETTLED
    announcements.left_behind(work, before)
    relayed = 0
    for _ in range(BATCHES):
        found = broker().relay(work.connection, BATCH, before)
        relayed += found
        if found < BATCH:
            break
    return RelayedView(relayed=relayed)
