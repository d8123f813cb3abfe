"""When the loops run: slots of three seconds for FAST and thirty for BATCH, each a named task: asking twice adds nothing.

Cloud Scheduler fires once a minute at most; the minute's ticks are enqueued ahead, and whatever makes work wakes the next
slot at once. A region without open work costs nothing. A slot in which the region could not be served is written down.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from shared.queueing.protocol import task_name
from shared.queueing.queues import DISPATCH
from shared.storage import outbox
from shared.storage.work import Work

SLOTS = {"tick": timedelta(seconds=3), "batch": timedelta(seconds=30)}
"""The length of a slot by the endpoint that runs it: the FAST and the BATCH loop."""

HORIZON = timedelta(minutes=1)
TOO_LATE = timedelta(seconds=30)
"""A slot that comes later than this is dropped: the next one sees the same work."""

SKIPS_KEPT = timedelta(days=1)


def slot_after(moment: datetime, loop: str = "tick") -> datetime:
    """The loop's first slot strictly after a moment."""
    seconds = int(SLOTS[loop].total_seconds())
    return datetime.fromtimestamp((int(moment.timestamp()) // seconds + 1) * seconds, UTC)


def schedule(work: Work) -> int:
    """Enqueue the coming minute's slots of every region in which a task waits for an offer. Gives their number."""
    tasks = []
    for row in work.run(_WAITING_REGIONS, until=work.now + HORIZON):
        for loop in SLOTS:
            slot = slot_after(work.now, loop)
            while slot <= work.now + HORIZON:
                tasks.append(_slot(work, loop, row["region_id"], slot))
                slot += SLOTS[loop]
    outbox.put_all(work, tasks)
    work.run(_FORGET_SKIPS, before=work.now - SKIPS_KEPT)
    return len(tasks)


def wake(work: Work, region_id: str, order_id: str | None = None) -> datetime | None:
    """Enqueue the next slots in which there will be work: for the order's task, else for the region's waiting ones.

    Gives the FAST loop's.
    """
    waiting = {"region_id": region_id, "now": work.now}
    row = work.one(_OPENS, order_id=order_id) if order_id else work.one(_WAITING_SINCE, **waiting)
    if row is None or row["open_from"] is None:
        return None
    opens_at = max(row["open_from"], work.now)
    outbox.put_all(work, [_slot(work, loop, region_id, slot_after(opens_at, loop)) for loop in SLOTS])
    return slot_after(opens_at)


def skip(work: Work, region_id: str, slot_at: datetime, outcome: Literal["late", "taken"]) -> None:
    """Write down that a tick's slot was not served by this call; one that ran all the same, called twice, does not count."""
    work.run(_SKIP, region_id=region_id, slot_at=slot_at, outcome=outcome, now=work.now)


def _slot(work: Work, loop: str, region_id: str, slot: datetime) -> dict[str, Any]:
    epoch = str(int(slot.timestamp()))
    path = f"/internal/dispatch/{loop}?region_id={region_id}"
    return outbox.task(work, DISPATCH.name, task_name(loop, region_id, epoch), path, slot, {"slot": int(epoch)})


_WAITING = """t.status = 'open'
    AND NOT EXISTS (SELECT FROM offers o WHERE o.task_id = t.task_id AND o.status = 'offered')
    AND NOT EXISTS (SELECT FROM offers o WHERE o.trip_id = t.trip_id AND o.status = 'offered')"""
_WAITING_REGIONS = (
    f"SELECT DISTINCT region_id FROM tasks t WHERE {_WAITING} AND t.open_from <= :until ORDER BY region_id"
)
_WAITING_SINCE = f"""
    SELECT min(open_from) AS open_from FROM tasks t WHERE t.region_id = :region_id AND {_WAITING} AND t.open_from <= :now
"""
_OPENS = f"SELECT open_from FROM tasks t WHERE t.order_id = :order_id AND t.kind = 'delivery' AND {_WAITING}"
_SKIP = """
    INSERT INTO skipped_slots (region_id, slot_at, outcome, at)
    SELECT :region_id, CAST(:slot_at AS timestamptz), :outcome, CAST(:now AS timestamptz)
    WHERE NOT EXISTS (SELECT FROM ticks t WHERE t.region_id = :region_id AND t.slot_at = :slot_at)
    ON CONFLICT DO NOTHING
"""
_FORGET_SKIPS = "DELETE FROM skipped_slots WHERE at < :before"
