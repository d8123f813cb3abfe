"""Violations that authorities found at a store: recorded by an operator, withdrawn when wrong, counted by the law of the day.

Both tables are append-only, the database sees to it: a withdrawal is a row of its own, beside what it withdraws.
"""

from dataclasses import dataclass
from datetime import date

from shared.compliance.policy import policy
from shared.compliance.requirements import ViolationKind
from shared.compliance.violations import Tally, Violation, tally
from shared.kernel.errors import BadInput, Conflict, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work


class ViolationRecorded(Conflict):
    code, title = "violation_recorded", "This violation is on record"


class ViolationWithdrawn(Conflict):
    code, title = "violation_withdrawn", "The violation has been withdrawn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a violation was, where and by whose word. `reference` is the authority's own, never a person."""

    kind: ViolationKind
    occurred_on: date
    authority: str
    reference: str


@dataclass(frozen=True, slots=True)
class Conduct:
    """A store's violations, the withdrawn ones too, in the order of their days, as of `day` at the store."""

    store_id: str
    merchant_id: str
    jurisdiction: str
    day: date
    rows: tuple[Row, ...]
    tally: Tally | None


def record(work: Work, store_id: str, finding: Finding, account_id: str) -> Conduct:
    """Gives the store's conduct with it. Raises NotFound, BadInput (it lies in the future), ViolationRecorded."""
    store = _store(work, _LOCK_STORE, store_id=store_id)
    if finding.occurred_on > store["today"]:
        raise BadInput.field("body.occurred_on", f"lies in the future: it is {store['today']} at the store")
    same = {
        "store_id": store_id,
        "kind": finding.kind.value,
        "occurred_on": finding.occurred_on,
        "authority": finding.authority,
        "reference": finding.reference,
    }
    violation_id = work.new_id("vio")
    if not work.run(_RECORD, violation_id=violation_id, account_id=account_id, now=work.now, **same):
        raise ViolationRecorded("The same violation is on record. Withdraw that one first if something in it is wrong.")
    return _conduct(work, store)


def withdraw(work: Work, store_id: str, violation_id: str, reason: str, account_id: str) -> Conduct:
    """It stays on record and counts no longer. Raises NotFound, ViolationWithdrawn."""
    store = _store(work, _LOCK_STORE, store_id=store_id)
    if violation_id not in {row["violation_id"] for row in _conduct(work, store).rows}:
        raise NotFound.of("violation", violation_id)
    if not work.run(_WITHDRAW, violation_id=violation_id, reason=reason, account_id=account_id, now=work.now):
        raise ViolationWithdrawn("It was withdrawn before and counts no longer. A new finding is recorded anew.")
    return _conduct(work, store)


def read(work: Work, store_id: str, merchant_id: str | None = None) -> Conduct:
    """Of a store, which must be the merchant's when one is named. Raises NotFound."""
    return _conduct(work, _store(work, _STORE, store_id=store_id, merchant_id=merchant_id))


def _store(work: Work, statement: str, **named: str | None) -> Row:
    store = work.one(statement, now=work.now, **named)
    if store is None:
        raise NotFound.of("store", str(named["store_id"]))
    return store


def _conduct(work: Work, store: Row) -> Conduct:
    rows = tuple(work.run(_OF_STORE, store_id=store["store_id"]))
    violations = (
        Violation(row["violation_id"], ViolationKind(row["kind"]), row["occurred_on"], row["withdrawn_at"] is not None)
        for row in rows
    )
    law = policy(store["jurisdiction"], store["today"])
    return Conduct(
        store["store_id"], store["merchant_id"], law.jurisdiction, law.day, rows, tally(law, violations, law.day)
    )


_TODAY = """
    SELECT s.store_id, s.merchant_id, s.jurisdiction, CAST(CAST(:now AS timestamptz) AT TIME ZONE r.timezone AS date) AS today
    FROM stores s JOIN regions r USING (region_id) WHERE s.store_id = :store_id
"""
_STORE = f"{_TODAY} AND (CAST(:merchant_id AS text) IS NULL OR s.merchant_id = :merchant_id)"
# Whoever records at the same store waits here, so that the same finding is not taken twice.
_LOCK_STORE = f"{_TODAY} FOR NO KEY UPDATE OF s"

_RECORD = """
    INSERT INTO violations (violation_id, store_id, kind, occurred_on, authority, reference, recorded_by, recorded_at)
    SELECT :violation_id, :store_id, :kind, CAST(:occurred_on AS date), :authority, :reference, :account_id,
           CAST(:now AS timestamptz)
    WHERE NOT EXISTS (
        SELECT FROM violations v
        WHERE v.store_id = :store_id AND v.kind = :kind AND v.occurred_on = CAST(:occurred_on AS date)
          AND v.authority = :authority AND v.reference = :reference
          AND NOT EXISTS (SELECT FROM violation_withdrawals w WHERE w.violation_id = v.violation_id))
    RETURNING violation_id
"""

_WITHDRAW = """
    INSERT INTO violation_withdrawals (violation_id, reason, withdrawn_by, withdrawn_at)
    VALUES (:violation_id, :reason, :account_id, :now) ON CONFLICT (violation_id) DO NOTHING RETURNING violation_id
"""

_OF_STORE = """
    SELECT v.*, w.reason AS withdrawn_reason, w.withdrawn_by, w.withdrawn_at
    FROM violations v LEFT JOIN violation_withdrawals w USING (violation_id)
    WHERE v.store_id = :store_id ORDER BY v.occurred_on, v.violation_id
"""
