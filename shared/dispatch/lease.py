"""The right to run a region's slot: a row locked for as long as the loop's transaction runs; `slot_at` only moves forward."""

from datetime import datetime

from shared.dispatch.slots import TOO_LATE
from shared.storage.connection import Row
from shared.storage.work import Work


def take(work: Work, region_id: str, loop: str, slot_at: datetime) -> Row | None:
    """The region, and whether the slot is `taken` by this transaction, which holds the region's lease until it ends.

    A slot is taken once, never after a later one, and not when it is too late. None for an unknown region.
    """
    asked = {"region_id": region_id, "loop": loop, "slot_at": slot_at, "earliest": work.now - TOO_LATE}
    region = work.one(_REGION, **asked)
    if region is not None and region["unheard_of"]:
        work.run(_OPEN, region_id=region_id, loop=loop)
        work.checkpoint()
        region = work.one(_REGION, **asked)
    return region


def note(work: Work, region_id: str, loop: str, asked: str) -> None:
    """Keep what the loop has just planned, for its next slot to compare; written with the COMMIT."""
    work.run_later(_NOTE, region_id=region_id, loop=loop, asked=asked)


_REGION = """
    WITH held AS (
        SELECT slot_at, asked FROM region_leases WHERE region_id = :region_id AND loop = :loop FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE region_leases l SET slot_at = :slot_at FROM held
        WHERE l.region_id = :region_id AND l.loop = :loop AND held.slot_at < :slot_at
          AND CAST(:slot_at AS timestamptz) >= :earliest
        RETURNING 1
    )
    SELECT r.timezone, p.version, p.parameters, EXISTS (SELECT FROM moved) AS taken, (SELECT asked FROM held) AS asked,
           NOT EXISTS (SELECT FROM region_leases l WHERE l.region_id = r.region_id AND l.loop = :loop) AS unheard_of,
           (SELECT coefficients FROM acceptance_models WHERE promoted ORDER BY trained_at DESC LIMIT 1) AS acceptance
    FROM regions r LEFT JOIN dispatch_parameters p USING (region_id)
    WHERE region_id = :region_id ORDER BY p.version DESC LIMIT 1
"""
_NOTE = "UPDATE region_leases SET asked = :asked WHERE region_id = :region_id AND loop = :loop"
_OPEN = """
    INSERT INTO region_leases (region_id, loop, slot_at) VALUES (:region_id, :loop, 'epoch') ON CONFLICT DO NOTHING
"""
