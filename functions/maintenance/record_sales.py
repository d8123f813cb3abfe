"""POST /internal/maintenance/record_sales: record the sales whose message was lost, then drop addresses nobody needs."""

from datetime import timedelta

from shared.customers import service as customers
from shared.delivery_sales import records
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.wiring.vault import key_encryption

BATCH = 200
LOOKS_BACK = timedelta(days=9)
"""Longer than the broker keeps a message that nobody acknowledged (seven days)."""


class RecordedView(View):
    recorded: int


@endpoint("POST", "/internal/maintenance/record_sales", roles=INTERNAL, uses=PUBLISHES | {Resource.VAULT}, sizing=CHORE)
def record_sales(work: Work) -> RecordedView:
    recorded = 0
    for order_id in records.missed(work, work.now - LOOKS_BACK, BATCH):
        recorded += records.record(work, order_id, key_encryption())
        work.checkpoint()
    customers.forget_removed(work)
    return RecordedView(recorded=recorded)
