"""A driver's shift: online, offline, and the word of it to those who wait."""

from datetime import datetime

from shared.credentials import documents
from shared.drivers import rules, service
from shared.kernel.clock import rfc3339
from shared.kernel.errors import BadInput
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work


def go_online(work: Work, driver_id: str, shift_ends_at: datetime | None) -> Row:
    """Start or go on with a shift; the driver's place is reported in the same transaction.

    Raises NotFound, DocumentsMissing, BadInput.
    """
    facts = documents.facts(work, driver_id)
    if shift_ends_at is not None and (shift_ends_at.tzinfo is None or shift_ends_at <= work.now):
        raise BadInput.field("body.shift_ends_at", "must be a time to come, with a UTC offset")
    rules.check_documents(documents.rules_of_today(work), facts)
    changed = work.run(_ONLINE, driver_id=driver_id, shift_ends_at=shift_ends_at, now=work.now)[0]
    _tell(work, changed, "online")
    return changed


def go_offline(work: Work, driver_id: str) -> Row:
    """End a shift. Raises CarryingGoods while a task is in hand."""
    service.read(work, driver_id)
    if work.one(_TRIP_IN_HAND, driver_id=driver_id) is not None:
        raise rules.CarryingGoods("Finish the task in hand, then go offline.")
    changed = work.run(_OFFLINE, driver_id=driver_id, now=work.now)[0]
    _tell(work, changed, "offline")
    return changed


def _tell(work: Work, row: Row, type: str) -> None:
    body = {"driver_id": row["driver_id"], "region_id": row["region_id"], "type": type, "at": rfc3339(work.now)}
    outbox.put(work, outbox.DRIVER_EVENTS, row["driver_id"], body)


_ONLINE = """
    UPDATE drivers SET online = true, online_since = coalesce(online_since, :now), shift_ends_at = :shift_ends_at,
        updated_at = :now
    WHERE driver_id = :driver_id
    RETURNING *
"""
_OFFLINE = """
    UPDATE drivers SET online = false, online_since = NULL, shift_ends_at = NULL, updated_at = :now,
        online_s = online_s + CAST(coalesce(extract(epoch FROM CAST(:now AS timestamptz) - online_since), 0) AS bigint)
    WHERE driver_id = :driver_id
    RETURNING *
"""
_TRIP_IN_HAND = "SELECT trip_id FROM trips WHERE driver_id = :driver_id AND status = 'active'"
