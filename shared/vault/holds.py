"""Legal holds: while one is open, nothing of its subject is destroyed.

Of a customer that is what its own keys seal; of a driver and a merchant also the records of sales that name them, which are
sealed under the customers' keys.
"""

from shared.kernel.errors import Conflict, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work


class AlreadyLifted(Conflict):
    code, title = "hold_lifted", "The hold has been lifted"


def place(work: Work, subject_id: str, reason: str, account_id: str) -> Row:
    """Raises NotFound for a subject of whom nothing is kept. Destroying waits for this transaction, and then sees the hold."""
    if not work.run(_LOCK_KEYS, subject_id=subject_id):
        raise NotFound.of("subject", subject_id)
    hold_id = work.new_id("hld")
    return work.run(_PLACE, hold_id=hold_id, subject_id=subject_id, reason=reason, account_id=account_id, now=work.now)[
        0
    ]


def lift(work: Work, subject_id: str, hold_id: str, account_id: str) -> Row:
    """Raises NotFound, AlreadyLifted."""
    row = work.one(_LIFT, subject_id=subject_id, hold_id=hold_id, account_id=account_id, now=work.now)
    if row is not None:
        return row
    if work.one(_READ, subject_id=subject_id, hold_id=hold_id) is None:
        raise NotFound.of("legal hold", hold_id)
    raise AlreadyLifted("This hold was lifted before. Others may still be open: GET the subject's holds.")


def listed(work: Work, subject_id: str) -> list[Row]:
    """All that were ever placed, in the order of their ids. Raises NotFound for a subject that never was."""
    found = work.run(_OF_SUBJECT, subject_id=subject_id)
    if not found and not work.run(_KNOWN, subject_id=subject_id):
        raise NotFound.of("subject", subject_id)
    return found


def held(work: Work, subject_id: str) -> bool:
    """Whether one is open."""
    return bool(work.run(_OPEN, subject_id=subject_id))


HELD = """EXISTS (
    SELECT 1 FROM legal_holds h WHERE h.lifted_at IS NULL AND (
        h.subject_id = k.subject_id OR EXISTS (
            SELECT 1 FROM delivery_sales s WHERE s.key_id = k.key_id AND h.subject_id IN (s.driver_id, s.merchant_id))))
"""
"""Whether what vault_keys k seals is under a hold: of its subject, or of somebody whom its records name."""

_KEYS = """
    (SELECT key_id FROM vault_keys WHERE subject_id = :subject_id
     UNION SELECT key_id FROM delivery_sales WHERE driver_id = :subject_id
     UNION SELECT key_id FROM delivery_sales WHERE merchant_id = :subject_id)
"""
_LOCK_KEYS = f"SELECT key_id FROM vault_keys WHERE key_id IN {_KEYS} AND wrapped IS NOT NULL ORDER BY key_id FOR UPDATE"
_PLACE = """
    INSERT INTO legal_holds (hold_id, subject_id, reason, placed_by, placed_at)
    VALUES (:hold_id, :subject_id, :reason, :account_id, :now) RETURNING *
"""
_LIFT = """
    UPDATE legal_holds SET lifted_by = :account_id, lifted_at = :now
    WHERE hold_id = :hold_id AND subject_id = :subject_id AND lifted_at IS NULL RETURNING *
"""
_READ = "SELECT hold_id FROM legal_holds WHERE hold_id = :hold_id AND subject_id = :subject_id"
_KNOWN = f"SELECT 1 AS known FROM {_KEYS} AS known LIMIT 1"
_OPEN = "SELECT hold_id FROM legal_holds WHERE subject_id = :subject_id AND lifted_at IS NULL"
_OF_SUBJECT = "SELECT * FROM legal_holds WHERE subject_id = :subject_id ORDER BY hold_id"
