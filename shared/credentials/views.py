"""Permits, documents and violations as their holder and an operator see them, as they stand today."""

from datetime import date, datetime
from typing import Generic, TypeVar

from shared.compliance.credentials import PermitKind, Standing, standing_on
from shared.compliance.requirements import ViolationKind
from shared.compliance.violations import Tally, outlook
from shared.credentials.violations import Conduct
from shared.kernel.wire import View
from shared.storage.connection import Row

V = TypeVar("V", bound="ViolationView")


class PermitView(View):
    """`store_id` is the place of business it is for, null when it covers all of the merchant's stores; `checked_at` is when
    it was verified."""

    id: str
    kind: PermitKind
    number: str
    status: Standing
    review_reason: str | None
    expires_on: date
    store_id: str | None
    checked_at: datetime | None
    created_at: datetime


class DocumentView(View):
    """`attested` is what the review found beyond the document's being genuine."""

    id: str
    kind: str
    issuer: str
    status: Standing
    review_reason: str | None
    attested: list[str]
    expires_on: date | None
    created_at: datetime


class ViolationView(View):
    """`counts` says whether it adds up with others today; one that was withdrawn, or is of a kind that does not, never does."""

    id: str
    kind: ViolationKind
    occurred_on: date
    authority: str
    reference: str
    counts: bool
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class AuditedViolationView(ViolationView):
    """With the accounts of the operators who recorded and withdrew it."""

    recorded_by: str
    withdrawn_by: str | None


class PenaltyView(View):
    """What the next violation may bring, by which row of the law. `fine_minor` (US cents) and `suspension_days` are the most
    that the authority may decide on; `confidence` H, M or L says how sure the reading is."""

    number: int
    fine_minor: int
    suspension_days: int
    revokes: bool
    rule_id: str
    source: str
    url: str | None
    confidence: str


class ConductView(View, Generic[V]):
    """`count` is how many violations add up from `since` to `day`, both included, by the store's calendar; `since` and
    `penalty` are null where no law on file counts them."""

    store_id: str
    merchant_id: str
    jurisdiction: str
    day: date
    since: date | None
    count: int
    outlook: str
    penalty: PenaltyView | None
    items: list[V]


def permit(row: Row, today: date) -> PermitView:
    plain = {name: row[name] for name in PermitView.model_fields if name in row and name != "status"}
    return PermitView(id=row["permit_id"], status=_standing(row, today), **plain)


def document(row: Row, today: date) -> DocumentView:
    plain = {name: row[name] for name in DocumentView.model_fields if name in row and name != "status"}
    return DocumentView(id=row["document_id"], status=_standing(row, today), **plain)


def conduct(found: Conduct, view: type[V]) -> ConductView[V]:
    """With each violation as `view` shows it: to the store's owner, or to an operator."""
    counted = found.tally.counted if found.tally else ()
    return ConductView[view](  # type: ignore[valid-type]  # pydantic makes the model of each kind of item
        store_id=found.store_id,
        merchant_id=found.merchant_id,
        jurisdiction=found.jurisdiction,
        day=found.day,
        since=found.tally.since if found.tally else None,
        count=len(counted),
        outlook=outlook(found.tally),
        penalty=_penalty(found.tally),
        items=[_violation(row, view, counts=row["violation_id"] in counted) for row in found.rows],
    )


def _violation(row: Row, view: type[V], *, counts: bool) -> V:
    plain = {name: row[name] for name in view.model_fields if name in row}
    return view(id=row["violation_id"], counts=counts, **plain)


def _penalty(found: Tally | None) -> PenaltyView | None:
    if found is None or found.penalty is None:
        return None
    rule, penalty = found.penalty
    return PenaltyView(
        number=found.next_number,
        fine_minor=penalty.fine_minor,
        suspension_days=penalty.suspension_days,
        revokes=penalty.revokes,
        rule_id=rule.rule_id,
        source=rule.source,
        url=rule.url,
        confidence=rule.confidence,
    )


def _standing(row: Row, today: date) -> Standing:
    return standing_on(Standing(row["status"]), row["expires_on"], today)
