"""A merchant's permits: filed, listed, reviewed."""

from datetime import date

from shared.compliance import credentials, gates
from shared.compliance.credentials import CredentialStep, PermitKind, Standing
from shared.compliance.facts import PermitFacts
from shared.compliance.policy import policy
from shared.kernel.errors import BadInput, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work

OF_A_STORE = frozenset({PermitKind.E_CIGARETTE_RETAIL})
"""Kinds that are issued to one place of business."""


def file(work: Work, merchant_id: str, kind: PermitKind, number: str, expires_on: date, store_id: str | None) -> Row:
    """A permit or its renewal, to be reviewed; one that waits for its review already is brought to these values.

    Raises BadInput (it has lapsed, names no store, cannot end on that day), NotFound (merchant or store).
    """
    if expires_on < work.now.date():
        raise BadInput.field("body.expires_on", "has passed already: file the permit that is in force")
    if store_id is None and kind in OF_A_STORE:
        raise BadInput.field("body.store_id", "is needed: such a permit is for one place of business")
    if store_id is not None:
        _check_term(work, merchant_id, store_id, PermitFacts(kind, expires_on))
    rows = work.run(
        _FILE,
        permit_id=work.new_id("pmt"),
        merchant_id=merchant_id,
        store_id=store_id,
        kind=kind.value,
        number=number,
        expires_on=expires_on,
        now=work.now,
    )
    if not rows:
        raise NotFound.of("merchant", merchant_id)
    return rows[0]


def listed(work: Work, merchant_id: str, after: str, limit: int | None) -> list[Row]:
    """In the order in which they were filed, those after an id; all when `limit` is None."""
    return work.run(_LIST, merchant_id=merchant_id, after=after, limit=limit)


def review(work: Work, merchant_id: str, permit_id: str, step: CredentialStep, reason: str | None) -> Row:
    """Raises NotFound, ReviewNotPossible."""
    row = work.one(_LOAD, merchant_id=merchant_id, permit_id=permit_id)
    if row is None:
        raise NotFound.of("permit", permit_id)
    standing = credentials.standing_on(Standing(row["status"]), row["expires_on"], work.now.date())
    status = credentials.review(standing, step)
    return work.run(_REVIEW, permit_id=permit_id, status=status.value, reason=reason, now=work.now)[0]


def _check_term(work: Work, merchant_id: str, store_id: str, facts: PermitFacts) -> None:
    store = work.one(_STORE, merchant_id=merchant_id, store_id=store_id)
    if store is None:
        raise NotFound.of("store", store_id)
    decision = gates.permit_gate(policy(store["jurisdiction"], work.now.date()), facts)
    for reason in decision.reasons:
        raise BadInput.field("body.expires_on", reason.sentence)


_STORE = "SELECT jurisdiction FROM stores WHERE merchant_id = :merchant_id AND store_id = :store_id"

_FILE = """
    INSERT INTO permits (permit_id, merchant_id, store_id, kind, number, expires_on, status, created_at, updated_at)
    SELECT :permit_id, merchant_id, :store_id, :kind, :number, CAST(:expires_on AS date), 'submitted',
           CAST(:now AS timestamptz), CAST(:now AS timestamptz)
    FROM merchants WHERE merchant_id = :merchant_id
    ON CONFLICT (merchant_id, kind, number) WHERE status IN ('submitted', 'in_review') DO UPDATE SET
        store_id = EXCLUDED.store_id, expires_on = EXCLUDED.expires_on, status = EXCLUDED.status, updated_at = :now
    RETURNING *
"""

_LIST = """
    SELECT * FROM permits WHERE merchant_id = :merchant_id AND permit_id > :after ORDER BY permit_id LIMIT :limit
"""

_LOAD = "SELECT * FROM permits WHERE merchant_id = :merchant_id AND permit_id = :permit_id FOR UPDATE"

_REVIEW = """
    UPDATE permits SET status = :status, review_reason = :reason, updated_at = :now,
        checked_at = CASE WHEN :status = 'verified' THEN :now ELSE checked_at END
    WHERE permit_id = :permit_id RETURNING *
"""
