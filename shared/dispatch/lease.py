"""The right to run a region's slot: a row locked for as long as the loop's transaction runs; `slot_at` only moves forward."""

from datetime import datetime

from shared.storage.work import Work


def take(work: Work, region_id: str, loop: str, slot_at: datetime) -> bool:
    """A slot is taken once, and never after a later one."""
    work.run(_OPEN, region_id=region_id, loop=loop)
    work.checkpoint()
    row = work.one(_LEASE, region_id=region_id, loop=loop)
    if row is None or row["slot_at"] >= slot_at:
        return False
    work.run(_ADVANCE, region_id=region_id, loop=loop, slot_at=slot_at)
    return True


_OPEN = """
    INSERT INTO region_leases (region_id, loop, slot_at) VALUES (:region_id, :loop, 'epoch') ON CONFLICT DO NOTHING
"""
_LEASE = "SELECT slot_at FROM region_leases WHERE region_id = :region_id AND loop = :loop FOR UPDATE SKIP LOCKED"
_ADVANCE = "UPDATE region_leases SET slot_at = :slot_at WHERE region_id = :region_id AND loop = :loop"
