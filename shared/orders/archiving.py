"""Evidence files into the archive: one for each order that has ended, checked before it is kept."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from shared.archive.protocol import Archive
from shared.dossier import bundle, log
from shared.kernel.ids import first_id
from shared.orders.states import TERMINAL
from shared.storage.work import Work

BATCH = 200
"""Orders whose events and proofs are read at once."""


class Result(StrEnum):
    """What became of an order's evidence."""

    ARCHIVED = "archived"
    THERE = "were there already"
    UNSIGNED = "wait for the log to be signed; run this again in a minute"
    BROKEN = "do not hold, and are not archived"


def ended(work: Work, day: date) -> list[str]:
    """The orders that were placed on that day, UTC, and have ended, in the order of their placement."""
    begin = datetime.combine(day, time(), UTC)
    first, beyond = (first_id("ord", at) for at in (begin, begin + timedelta(days=1)))
    rows = work.run(_ENDED_ORDERS, first=first, beyond=beyond, ended=sorted(TERMINAL))
    return [row["order_id"] for row in rows]


def archive_day(
    work: Work, archive: Archive, keys: Sequence[str], day: date, order_ids: Sequence[str]
) -> Iterator[tuple[str, Result]]:
    """(order, what became of its evidence), as each is done. `keys` are the log's public keys.

    A file names the checkpoint of its time. One that is there is not made again, so it never changes.
    """
    names = {order_id: f"evidence/{day}/{order_id}.bundle.json" for order_id in order_ids}
    missing = []
    for order_id in order_ids:
        if archive.exists(names[order_id]):
            yield order_id, Result.THERE
        else:
            missing.append(order_id)
    for start in range(0, len(missing), BATCH):
        files = log.evidence_of(work, missing[start : start + BATCH])
        work.checkpoint()
        for order_id, text in files.items():
            if text is None:
                yield order_id, Result.UNSIGNED
            elif not bundle.verify(text, keys).valid:
                yield order_id, Result.BROKEN
            else:
                archive.put(names[order_id], text.encode())
                yield order_id, Result.ARCHIVED


_ENDED_ORDERS = """
    SELECT order_id FROM orders
    WHERE order_id >= :first AND order_id < :beyond AND status = ANY(CAST(:ended AS text[])) ORDER BY order_id
"""
