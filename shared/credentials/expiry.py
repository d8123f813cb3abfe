"""The sweep: what nears or passes its last day is marked, and its holder hears of it 30, 7 and 1 days before, and when it has
passed. Gates do not wait for it: they ask the date itself."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.compliance.credentials import Standing, due_reminder, standing_on
from shared.kernel.clock import rfc3339
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work

BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    reminded: int
    expired: int


def sweep(work: Work) -> Swept:
    """Marks and messages in one transaction; an hour's repetition tells nobody twice."""
    today: date = work.run(_TODAY, now=work.now)[0]["today"]
    permits = _sweep(work, today, _PERMITS, _MARK_PERMITS)
    documents = _sweep(work, today, _DOCUMENTS, _MARK_DOCUMENTS)
    return Swept(permits.reminded + documents.reminded, permits.expired + documents.expired)


def _sweep(work: Work, today: date, due: str, mark: str) -> Swept:
    reminded = expired = 0
    marks: list[Row] = []
    messages: list[dict[str, Any]] = []
    for row in work.run(due, today=today, limit=BATCH):
        standing = standing_on(Standing(row["status"]), row["expires_on"], today)
        days = due_reminder(row["expires_on"], today, row["reminded_days"])
        marks.append({"id": row["id"], "status": standing.value, "reminded_days": days or row["reminded_days"]})
        if row["replaced"]:
            continue
        over = standing == Standing.EXPIRED
        expired, reminded = expired + over, reminded + (not over)
        messages.append(_message(work, row, standing, None if over else (row["expires_on"] - today).days))
    if marks:
        work.run(mark, marks=json.dumps(marks), now=work.now)
    outbox.put_all(work, messages)
    return Swept(reminded, expired)


def _message(work: Work, row: Row, standing: Standing, days_left: int | None) -> dict[str, Any]:
    """For a merchant or a driver: `permit_expiring`, `document_expired` and so on; no token and no number."""
    what = "document" if row["driver_id"] else "permit"
    told: dict[str, Any] = {
        "type": f"{what}_{standing}",
        f"{what}_id": row["id"],
        "kind": row["kind"],
        "expires_on": row["expires_on"].isoformat(),
        "days_left": days_left,
        "at": rfc3339(work.now),
    }
    if row["driver_id"]:
        told |= {"driver_id": row["driver_id"], "region_id": row["region_id"]}
        return outbox.message(work, outbox.DRIVER_EVENTS, row["driver_id"], told, {"type": told["type"]})
    told |= {"merchant_id": row["merchant_id"], "store_id": row["store_id"]}
    return outbox.message(work, outbox.MERCHANT_EVENTS, row["merchant_id"], told, {"type": told["type"]})


# A day is over once it is over in every region that is served.
_TODAY = """
    SELECT coalesce(min(CAST(CAST(:now AS timestamptz) AT TIME ZONE timezone AS date)), CAST(:now AS date)) AS today FROM regions
"""

_DUE = """
    c.status IN ('verified', 'expiring') AND (
        c.expires_on < CAST(:today AS date)
        OR c.expires_on <= CAST(:today AS date) + 30 AND coalesce(c.reminded_days, 1000) > CASE
            WHEN c.expires_on <= CAST(:today AS date) + 1 THEN 1 WHEN c.expires_on <= CAST(:today AS date) + 7 THEN 7 ELSE 30 END)
"""
_PERMITS = f"""
    SELECT c.permit_id AS id, c.merchant_id, c.store_id, c.kind, c.status, c.expires_on, c.reminded_days,
           NULL AS driver_id, NULL AS region_id, EXISTS (
               SELECT FROM permits n
               WHERE n.merchant_id = c.merchant_id AND n.kind = c.kind AND n.store_id IS NOT DISTINCT FROM c.store_id
                 AND n.permit_id > c.permit_id AND n.status IN ('verified', 'expiring')) AS replaced
    FROM permits c WHERE {_DUE} ORDER BY c.expires_on, c.permit_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_DOCUMENTS = f"""
    SELECT c.document_id AS id, c.driver_id, d.region_id, c.kind, c.status, c.expires_on, c.reminded_days, EXISTS (
               SELECT FROM driver_documents n
               WHERE n.driver_id = c.driver_id AND n.kind = c.kind
                 AND n.document_id > c.document_id AND n.status IN ('verified', 'expiring')) AS replaced
    FROM driver_documents c JOIN drivers d USING (driver_id)
    WHERE {_DUE} ORDER BY c.expires_on, c.document_id LIMIT :limit FOR UPDATE OF c SKIP LOCKED
"""

_MARKS = "jsonb_to_recordset(CAST(:marks AS jsonb)) AS m(id text, status text, reminded_days integer)"
_MARK_PERMITS = f"""
    UPDATE permits SET status = m.status, reminded_days = m.reminded_days, updated_at = :now FROM {_MARKS}
    WHERE permit_id = m.id
"""
_MARK_DOCUMENTS = f"""
    UPDATE driver_documents SET status = m.status, reminded_days = m.reminded_days, updated_at = :now FROM {_MARKS}
    WHERE document_id = m.id
"""
