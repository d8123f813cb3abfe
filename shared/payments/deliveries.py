"""Webhooks: a vendor says that something happened; what, is looked up. Each event is applied once, in whatever order they come."""

from shared.payments import service as payments
from shared.payments.protocol import Processors
from shared.storage import inbox
from shared.storage.work import Work


def receive(work: Work, consumer: str, event_id: str, order_id: str | None, processors: Processors) -> bool:
    """Whether the event was new. Raises Unavailable: the vendor then sends it again.

    The event is remembered after what it led to is committed: a crash between lets it come once more, and find nothing to do.
    """
    if inbox.is_known(work, consumer, event_id):
        return False
    if order_id is not None and work.one(_OURS, order_id=order_id) is not None:
        payments.carry_out(work, order_id, processors)
    inbox.remember(work, consumer, event_id)
    return True


_OURS = "SELECT order_id FROM orders WHERE order_id = :order_id"
