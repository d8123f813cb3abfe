"""What is left of age checks: answers that never came, and people whom the provider need not hold any longer."""

import json
from dataclasses import asdict
from datetime import timedelta

from shared.kernel.roles import PLATFORM
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.verification.protocol import AgeVerifier, CheckResult, Outcome
from shared.verification.service import record

OVERDUE_AFTER = timedelta(minutes=2)
BATCH = 20


def overdue(work: Work, verifier: AgeVerifier) -> list[Row]:
    """Checks that should have been answered by now: a webhook or a process may have been lost on the way."""
    before = work.now - OVERDUE_AFTER
    rows = work.run(_OVERDUE, provider=verifier.provider, before=before, limit=BATCH)
    work.checkpoint()
    return rows


def ask_again(work: Work, check: Row, verifier: AgeVerifier) -> None:
    """Take the provider's answer, or wait on. A check whose order has ended is withdrawn. Raises Unavailable."""
    check_id, order_id = check["check_id"], check["order_id"]
    if check["over"]:
        result: CheckResult | None = CheckResult(
            check_id, Outcome.WITHDRAWN, verifier.provider, verifier.evidence, check["reference"] or check_id
        )
    else:
        result = verifier.find(check_id)
    if result is None:
        work.run(_LOOKED, check_id=check_id, now=work.now)
    else:
        record(work, order_id, result)
    work.checkpoint()


def no_longer_needed(work: Work, verifier: AgeVerifier) -> list[Row]:
    """Ended checks of people whom the provider still holds."""
    rows = work.run(_TO_FORGET, provider=verifier.provider, limit=BATCH)
    work.checkpoint()
    return rows


def forget(work: Work, check: Row, verifier: AgeVerifier) -> None:
    """Have the person deleted and keep the receipt, in the dossier too; once. Raises Unavailable."""
    receipt = asdict(verifier.forget(check["held_as"]))
    order = orders.load(work, check["order_id"])
    if work.run(_FORGOTTEN, check_id=check["check_id"], deletion=json.dumps(receipt), now=work.now):
        data = {"check_id": check["check_id"], **receipt}
        orders.apply(work, order, order_rules.note(order.facts, "identity_deleted", data), PLATFORM)
    work.checkpoint()


_OVERDUE = """
    SELECT c.check_id, c.order_id, c.reference, o.status <> 'age_pending' AS over
    FROM age_checks c JOIN orders o USING (order_id)
    WHERE c.status = 'pending' AND c.provider = :provider AND c.updated_at < :before
    ORDER BY c.updated_at LIMIT :limit
"""
_LOOKED = "UPDATE age_checks SET updated_at = :now WHERE check_id = :check_id AND status = 'pending'"
_TO_FORGET = """
    SELECT check_id, order_id, held_as FROM age_checks
    WHERE held_as IS NOT NULL AND deletion IS NULL AND status <> 'pending' AND provider = :provider
    ORDER BY updated_at LIMIT :limit
"""
_FORGOTTEN = """
    UPDATE age_checks SET deletion = CAST(:deletion AS jsonb), updated_at = :now
    WHERE check_id = :check_id AND deletion IS NULL RETURNING check_id
"""
