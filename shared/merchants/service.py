"""Merchants: they apply, and are reviewed."""

import json
from typing import Any

from shared.kernel.errors import NotFound
from shared.merchants import rules
from shared.merchants.rules import MerchantStatus, ReviewDecision
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault


def apply(work: Work, merchant_id: str, name: str, external_id: str | None) -> Row:
    """Become a merchant, or say anew who one is; a rejected merchant is looked at again. Raises Unauthenticated once closed."""
    vault.check_open(work, merchant_id)
    row = work.one(_LOAD, merchant_id=merchant_id)
    status = rules.apply_again(MerchantStatus(row["status"])) if row else MerchantStatus.APPLIED
    return work.run(
        _APPLY, merchant_id=merchant_id, name=name, external_id=external_id, status=status.value, now=work.now
    )[0]


def read(work: Work, merchant_id: str) -> Row:
    """Raises NotFound."""
    row = work.one(_READ, merchant_id=merchant_id)
    if row is None:
        raise NotFound.of("merchant", merchant_id)
    return row


def change(work: Work, merchant_id: str, changes: dict[str, Any]) -> Row:
    """Raises NotFound."""
    rows = work.run(_CHANGE, merchant_id=merchant_id, changes=json.dumps(changes), now=work.now)
    if not rows:
        raise NotFound.of("merchant", merchant_id)
    return rows[0]


def review(work: Work, merchant_id: str, decision: ReviewDecision, reason: str | None) -> Row:
    """Raises NotFound, ReviewNotPossible."""
    row = work.one(_LOAD, merchant_id=merchant_id)
    if row is None:
        raise NotFound.of("merchant", merchant_id)
    status = rules.review(MerchantStatus(row["status"]), decision)
    return work.run(_REVIEW, merchant_id=merchant_id, status=status.value, reason=reason, now=work.now)[0]


_READ = "SELECT * FROM merchants WHERE merchant_id = :merchant_id"
_LOAD = f"{_READ} FOR UPDATE"

_APPLY = """
    INSERT INTO merchants (merchant_id, external_id, name, status, created_at, updated_at)
    VALUES (:merchant_id, :external_id, :name, :status, :now, :now)
    ON CONFLICT (merchant_id) DO UPDATE SET
        external_id = EXCLUDED.external_id, name = EXCLUDED.name, status = EXCLUDED.status, updated_at = :now
    RETURNING *
"""

_CHANGE = """
    UPDATE merchants AS m SET updated_at = :now, (name, external_id, payment_account, card_terminal) = (
        SELECT name, external_id, payment_account, card_terminal FROM jsonb_populate_record(m, CAST(:changes AS jsonb)))
    WHERE merchant_id = :merchant_id RETURNING *
"""

_REVIEW = """
    UPDATE merchants SET status = :status, review_reason = :reason, updated_at = :now
    WHERE merchant_id = :merchant_id RETURNING *
"""
