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
    if work.run(_FORGOTTEN, check_id=check["check_id"], held_as=check["held_as"], now=work.now):
        data = {"check_id": check["check_id"], **receipt}
        work.run(_RECEIPT, receipt=json.dumps(data), now=work.now)
        orders.apply(work, order, order_rules.note(order.facts, "identity_deleted", data), PLATFORM)
    work.checkpoint()


def forget_strays(work: Work, verifier: AgeVerifier) -> int:
    """Have people deleted whom no check knows: the provider took them in, and its answer, or we, died on the way.

    They are written down first: once deleted, the provider lists them no more, and a receipt that was lost on the way would
    never be asked for again. Gives their number. Raises Unavailable.
    """
    held = verifier.held_long()
    strays = work.run(_STRAYS, held=held, provider=verifier.provider, now=work.now)
    work.checkpoint()
    for stray in strays:
        receipt = {"check_id": None, **asdict(verifier.forget(stray["held_as"]))}
        work.run(_RECEIPT, receipt=json.dumps(receipt), now=work.now)
        work.checkpoint()
    return len(strays)


_OVERDUE = """
    SELECT c.check_id, c.order_id, c.reference, o.status <> 'age_pending' AS over
    FROM age_checks c JOIN orders o USING (order_id)
    WHERE c.status = 'pending' AND c.provider = :provider AND c.updated_at < :before
    ORDER BY c.updated_at LIMIT :limit
"""
_LOOKED = "UPDATE age_checks SET updated_at = :now WHERE check_id = :check_id AND status = 'pending'"
_TO_FORGET = """
    SELECT check_id, order_id, held_as FROM age_checks
    WHERE held_as IS NOT NULL AND status <> 'pending' AND provider = :provider
    ORDER BY updated_at LIMIT :limit
"""
_FORGOTTEN = """
    UPDATE age_checks SET held_as = NULL, updated_at = :now WHERE check_id = :check_id AND held_as = :held_as
    RETURNING check_id
"""
_RECEIPT = """
    INSERT INTO identity_deletions (held_as, provider, check_id, status, request_id, answered_at, at)
    SELECT r.held_as, r.provider, r.check_id, r.status, r.request_id, r.at, :now
    FROM jsonb_to_record(CAST(:receipt AS jsonb))
        AS r(held_as text, provider text, check_id text, status integer, request_id text, at text)
    ON CONFLICT (held_as) DO UPDATE
        SET status = excluded.status, request_id = excluded.request_id, answered_at = excluded.answered_at, at = excluded.at
        WHERE identity_deletions.status IS NULL
"""
_STRAYS = """
    WITH strays AS (
        SELECT held_as FROM unnest(CAST(:held AS text[])) AS h(held_as)
        WHERE NOT EXISTS (SELECT FROM age_checks c WHERE c.held_as = h.held_as)
    ), written_down AS (
        INSERT INTO identity_deletions (held_as, provider, at) SELECT held_as, :provider, :now FROM strays
        ON CONFLICT (held_as) DO NOTHING
    )
    SELECT held_as FROM strays
    UNION
    SELECT held_as FROM identity_deletions WHERE status IS NULL AND provider = :provider
"""
