"""Hints: where an idle driver might find work sooner. Never an obligation, and nothing is counted against who stays.

Each is kept with whether the driver was seen there, so that its effect can be measured.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.kernel.clock import rfc3339
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work

TTL = timedelta(minutes=10)
REST = timedelta(minutes=20)
"""A driver gets no second hint within this time."""

REASON = "more_orders_than_drivers"


@dataclass(frozen=True, slots=True)
class Hint:
    """A zone for a driver; the cells are H3 indices, `from_cell` None outside all zones."""

    driver_id: str
    from_cell: str | None
    to_cell: str
    lat: float
    lng: float
    travel_s: float


def send(work: Work, region_id: str, hints: list[Hint]) -> None:
    """Keep the hints and tell the drivers, in two statements."""
    if not hints:
        return
    rows = [_row(work, hint) for hint in hints]
    work.run(_KEEP, hints=json.dumps(rows), region_id=region_id, now=work.now, expires_at=work.now + TTL)
    outbox.put_all(work, [_message(work, region_id, row) for row in rows])


def live(work: Work, driver_id: str) -> Row | None:
    """The hint that an idle driver may still follow."""
    return work.one(_LIVE, driver_id=driver_id, now=work.now)


def _row(work: Work, hint: Hint) -> dict[str, Any]:
    return {
        "hint_id": work.new_id("hnt"),
        "driver_id": hint.driver_id,
        "from_cell": hint.from_cell,
        "to_cell": hint.to_cell,
        "lat": hint.lat,
        "lng": hint.lng,
        "travel_s": hint.travel_s,
        "reason": REASON,
    }


def _message(work: Work, region_id: str, row: dict[str, Any]) -> dict[str, Any]:
    told = {
        "driver_id": row["driver_id"],
        "region_id": region_id,
        "type": "hint",
        "hint_id": row["hint_id"],
        "position": {"lat": row["lat"], "lng": row["lng"]},
        "reason": row["reason"],
        "expires_at": rfc3339(work.now + TTL),
        "at": rfc3339(work.now),
    }
    return outbox.message(work, outbox.DRIVER_EVENTS, row["driver_id"], told, {"type": "hint"})


_KEEP = """
    INSERT INTO reposition_hints (hint_id, driver_id, region_id, from_cell, to_cell, lat, lng, travel_s, reason, at,
        expires_at)
    SELECT h.hint_id, h.driver_id, :region_id, h.from_cell, h.to_cell, h.lat, h.lng, h.travel_s, h.reason, :now,
        :expires_at
    FROM jsonb_to_recordset(CAST(:hints AS jsonb)) AS h(hint_id text, driver_id text, from_cell text, to_cell text,
        lat double precision, lng double precision, travel_s double precision, reason text)
"""
_LIVE = """
    SELECT h.hint_id, h.lat, h.lng, h.reason, h.expires_at FROM reposition_hints h JOIN drivers d USING (driver_id)
    WHERE h.driver_id = :driver_id AND h.expires_at > :now AND d.online
    ORDER BY h.at DESC LIMIT 1
"""
