"""The inbox: which messages a consumer has handled, so that one that comes again changes nothing."""

from shared.storage.work import Work


def is_known(work: Work, consumer: str, message_id: str) -> bool:
    """Looked up before this work's transaction opens, so that none is open while somebody else is asked."""
    return bool(work.look(_KNOWN, consumer=consumer, message_id=message_id))


def remember(work: Work, consumer: str, message_id: str) -> bool:
    """Keep it with what else this transaction does; whether it is new."""
    return work.one(_REMEMBER, consumer=consumer, message_id=message_id, now=work.now) is not None


_KNOWN = "SELECT message_id FROM inbox WHERE consumer = :consumer AND message_id = :message_id"
_REMEMBER = """
    INSERT INTO inbox (consumer, message_id, at) VALUES (:consumer, :message_id, :now)
    ON CONFLICT DO NOTHING RETURNING message_id
"""
