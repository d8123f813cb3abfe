"""Closing an account: what the law does not keep is destroyed at once, and its owner is told what is kept."""

from shared.delivery_sales import records
from shared.privacy.subject import Kept, Subject
from shared.storage.work import Work
from shared.vault import holds
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption
from shared.vault.retention import KEPT_BY_HOLD, KEPT_BY_LAW, over_before


def erase(work: Work, subject: Subject, account_id: str, keys: KeyEncryption) -> list[Kept]:
    """Destroy the key of who somebody is, remove the sign-in, sessions, stored answers and what lies in the clear. Gives what
    is kept.

    What happened stays, under an id that leads to nobody any more, and every chain stays verifiable. What the law wants
    recorded is recorded first. Raises the subject's own refusals, Unavailable.
    """
    subject.leave(work)
    for order_id in subject.unrecorded(work):
        records.record(work, order_id, keys)
    account_keys = [row["key_id"] for row in work.run(_LOCK_ACCOUNT_KEY, subject_id=subject.id)]
    remaining = kept(work, subject)
    work.run(_END_SESSIONS, account_id=account_id)
    work.run(_CLOSE_ACCOUNT, account_id=account_id)
    if any(each.until is None for each in remaining):
        work.run(_DUE_AFTER_HOLD, key_ids=account_keys, today=over_before(work.now))
    else:
        subject.forget(work)
        vault.destroy(work, account_keys)
    return remaining


def kept(work: Work, subject: Subject) -> list[Kept]:
    """What an erasure would leave: the records of sales by the year until which they are kept, or everything under a hold."""
    found = [
        Kept(subject.kept_as, row["sales"], KEPT_BY_LAW, row["retain_until"])
        for row in work.run(_KEPT_SALES, subject_id=subject.id)
    ]
    if holds.held(work, subject.id):
        found.append(Kept("everything", sum(each.sales for each in found), KEPT_BY_HOLD, None))
    return found


# A hold being placed, or an address being added, at this moment has the key locked: it is seen from here on, or waits.
_LOCK_ACCOUNT_KEY = """
    SELECT key_id FROM vault_keys WHERE subject_id = :subject_id AND purpose = 'account' AND wrapped IS NOT NULL FOR UPDATE
"""

_KEPT_SALES = """
    SELECT k.retain_until, count(*) AS sales FROM delivery_sales s JOIN vault_keys k USING (key_id)
    WHERE (s.customer_id = :subject_id OR s.driver_id = :subject_id OR s.merchant_id = :subject_id) AND k.wrapped IS NOT NULL
    GROUP BY k.retain_until ORDER BY k.retain_until
"""

_END_SESSIONS = """
    WITH forgotten_answers AS (
        DELETE FROM idempotency_keys WHERE caller = :account_id
    ), forgotten_limits AS (
        DELETE FROM rate_windows WHERE caller = :account_id
    )
    DELETE FROM sessions WHERE account_id = :account_id
"""

_CLOSE_ACCOUNT = "DELETE FROM accounts WHERE account_id = :account_id"

_DUE_AFTER_HOLD = """
    UPDATE vault_keys SET retain_until = CAST(:today AS date) - 1 WHERE key_id = ANY(CAST(:key_ids AS text[]))
"""
