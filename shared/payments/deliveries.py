"""Webhooks: a vendor says that something happened; what, is looked up. Each event is applied once, in whatever order they come."""

from shared.payments import service as payments
from shared.payments.protocol import Processors
from shared.storage.work import Work


def receive(work: Work, consumer: str, event_id: str, order_id: str | None, processors: Processors) -> bool:
    """Whether the event was new. Raises Unavailable: the vendor then sends it again.

    The event is remembered after what it led to is committed: a crash between lets it come once more, and find nothing to do.
    """
    if work.one(_SEEN, consumer=consumer, message_id=event_id) is not None:
        return False
    if order_id is not None and work.one(_OURS, order_id=order_id) is not None:
        payments.carry_out(work, order_id, processors)
    work.run(_REMEMBER, consumer=consumer, message_id=event_id, now=work.now)
    return True


_SEEN = "SELECT message_id FROM inbox WHERE consumer = :consumer AND message_id = :message_id"
_OURS = "SELECT order_id FROM orders WHERE order_id = :order_id"
_REMEMBER = """
    INSERT INTO inbox (consumer, message_id, at) VALUES (:consumer, :message_id, :now) ON CONFLICT DO NOTHING
"""
