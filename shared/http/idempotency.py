"""`Idempotency-Key`: the first completed answer is stored with its effect and replayed byte for byte.

After the IETF draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header-06): a key
belongs to (caller, route); another body is 422, a request still running is 409. Refusals are not stored: they changed
nothing, so a retry is judged afresh.
"""

import hashlib
from dataclasses import dataclass

from pg8000.native import DatabaseError

from shared.http.declaration import Declaration
from shared.kernel.errors import BadInput, Conflict
from shared.storage.connection import UNIQUE_VIOLATION, Row, sqlstate
from shared.storage.work import Work

KEY_LENGTH = 255


class KeyReused(BadInput):
    code, title = "idempotency_key_reused", "The key was used for another request"


class StillRunning(Conflict):
    code, title = "still_running", "The first request with this key is still running"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer for a key while the request's connection lives."""

    caller: str
    route: str
    key: str
    body_hash: bytes
    lock: int


def read_key(declaration: Declaration, header: str | None) -> str | None:
    """Raises BadInput when a required key is missing, or a key is empty or too long."""
    if declaration.idempotency == "none":
        return None
    if header is None:
        if declaration.idempotency == "required":
            raise BadInput.field("header.Idempotency-Key", "is required: send a fresh random value per action")
        return None
    if not 1 <= len(header) <= KEY_LENGTH or not header.isascii():
        raise BadInput.field("header.Idempotency-Key", f"must be 1 to {KEY_LENGTH} ASCII characters")
    return header


def claim(
    work: Work, declaration: Declaration, account_id: str, key: str, path: str, body: bytes
) -> Claim | StoredAnswer:
    """Take the key, or find what it answered before. Raises KeyReused or StillRunning.

    The lock is the session's, not the transaction's: it spans the commits of a request that calls a vendor, and
    Postgres drops it the moment the process dies, so a retry after a crash is let in at once.
    """
    identity = hashlib.sha256(f"{account_id}\n{declaration.route}\n{key}".encode()).digest()
    body_hash = hashlib.sha256(path.encode() + b"\n" + body).digest()
    lock = int.from_bytes(identity[:8], "big", signed=True)
    held = Claim(account_id, declaration.route, key, body_hash, lock)
    work.lock_until_finished()
    row = work.run(_CLAIM, lock=lock, caller=account_id, route=declaration.route, key=key)[0]
    if row["status"] is not None:
        return _stored(row, body_hash)
    if not row["claimed"]:
        raise StillRunning("Wait for the first request's answer, then send this one again with the same key.")
    return held


def store(work: Work, held: Claim, answer: StoredAnswer) -> StoredAnswer:
    """Commit the work together with its answer; the answer that stands is returned.

    A twin that finished between our look and our claim wins: our effect is rolled back and its answer is replayed.
    """
    try:
        work.finish(
            _STORE,
            caller=held.caller,
            route=held.route,
            key=held.key,
            body_hash=held.body_hash,
            status=answer.status,
            answer=answer.body,
            now=work.now,
        )
    except DatabaseError as error:
        if sqlstate(error) != UNIQUE_VIOLATION or "idempotency_keys" not in str(error):
            raise
        work.rollback()
        return _stored(
            work.run(_CLAIM, lock=held.lock, caller=held.caller, route=held.route, key=held.key)[0], held.body_hash
        )
    return answer


def _stored(row: Row, body_hash: bytes) -> StoredAnswer:
    if bytes(row["body_hash"]) != body_hash:
        raise KeyReused("This Idempotency-Key was used with another body. Use a fresh key for a new request.")
    return StoredAnswer(row["status"], row["answer"])


_CLAIM = """
    SELECT pg_try_advisory_lock(:lock) AS claimed, stored.status, stored.answer, stored.body_hash
    FROM (SELECT 1) AS one
    LEFT JOIN idempotency_keys stored ON stored.caller = :caller AND stored.route = :route AND stored.key = :key
"""

_STORE = """
    INSERT INTO idempotency_keys (caller, route, key, body_hash, status, answer, created_at)
    VALUES (:caller, :route, :key, :body_hash, :status, :answer, :now)
"""
