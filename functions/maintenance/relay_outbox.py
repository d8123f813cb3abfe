"""POST /internal/outbox/relay: publish what a crash left between a commit and its publishing."""

from datetime import timedelta

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.wiring.messaging import broker

SETTLED = timedelta(seconds=10)
BATCH = 500


class RelayedView(View):
    relayed: int


@endpoint("POST", "/internal/outbox/relay", roles=INTERNAL)
def relay_outbox(work: Work) -> RelayedView:
    return RelayedView(relayed=broker().relay(work.connection, BATCH, work.now - SETTLED))
