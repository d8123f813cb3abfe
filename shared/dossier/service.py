"""Reading an order's dossier from the database."""

from shared.dossier.chain import Event, Verdict, verify
from shared.kernel.errors import NotFound
from shared.storage.work import Work


def events(work: Work, order_id: str) -> list[Event]:
    """In order. Raises NotFound when the order has no dossier."""
    rows = work.run(_EVENTS, order_id=order_id)
    if not rows:
        raise NotFound.of("order", order_id)
    return [Event(**row) for row in rows]


def check(work: Work, order_id: str) -> Verdict:
    """Recompute the chain against what the order itself records, both read in one statement. Raises NotFound."""
    rows = work.run(_EVENTS_AND_RECORD, order_id=order_id)
    if not rows:
        raise NotFound.of("order", order_id)
    length, head_hash = rows[0]["dossier_length"], rows[0]["dossier_head"]
    chain = [Event(**{name: row[name] for name in _FIELDS}) for row in rows if row["seq"] is not None]
    return verify(order_id, chain, length=length, head_hash=head_hash)


_FIELDS = ("order_id", "seq", "type", "at", "actor", "data", "prev_hash", "hash")

_EVENTS = """
    SELECT order_id, seq, type, at, actor, data, prev_hash, hash
    FROM dossier_events WHERE order_id = :order_id ORDER BY seq
"""
_EVENTS_AND_RECORD = """
    SELECT o.order_id, e.seq, e.type, e.at, e.actor, e.data, e.prev_hash, e.hash, o.dossier_length, o.dossier_head
    FROM orders o LEFT JOIN dossier_events e USING (order_id)
    WHERE o.order_id = :order_id ORDER BY e.seq
"""
