"""POST /internal/events/wake_dispatch: something made work or freed a driver: enqueue the next slot."""

from datetime import datetime

from shared.dispatch import slots
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, ENQUEUES
from shared.kernel.wire import View
from shared.messaging.push import Push
from shared.storage.work import Work


class WokenView(View):
    slot_at: datetime | None


@endpoint("POST", "/internal/events/wake_dispatch", roles=INTERNAL, uses=ENQUEUES, sizing=BUSY)
def wake_dispatch(command: Push, work: Work) -> WokenView:
    """Needs no inbox: a slot's name is used once, so a repeated message adds nothing."""
    event = command.message.body()
    order_id = event["order_id"] if event["type"] in ("order_accepted", "goods_ready") else None
    return WokenView(slot_at=slots.wake(work, event["region_id"], order_id))
