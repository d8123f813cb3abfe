"""Keys and entries in the database: making, reading, destroying.

A subject is a tenant (`cus_…`, `drv_…`, `mer_…`) or an operator's account. It has one key for its account, and one for the
sales of each year, since each year's must be kept for longer than the one before.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from shared.kernel.errors import Unauthenticated
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault.envelope import KEY_SIZE, Opened, Sealed, seal, unseal
from shared.vault.protocol import KeyEncryption

Kind = Literal["profile", "address", "sale"]


@dataclass(frozen=True, slots=True)
class DataKey:
    """A subject's key, opened; `wrapped` is the form in which it is stored."""

    key_id: str
    wrapped: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is sealed and not stored yet."""

    entry_id: str
    key_id: str
    kind: Kind
    sealed: Sealed

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of `ADD_ENTRY`."""
        return {
            "entry_id": self.entry_id,
            "key_id": self.key_id,
            "kind": self.kind,
            "sealed": self.sealed.ciphertext,
        }


def new_key(work: Work, keys: KeyEncryption) -> DataKey:
    """A key that is not stored yet."""
    key_id, secret = work.new_id("key"), work.entropy(KEY_SIZE)
    return DataKey(key_id, keys.wrap(secret, key_id), secret)


def account_key(work: Work, subject_id: str, keys: KeyEncryption) -> DataKey:
    """The key of an open account, which cannot be destroyed before this transaction ends. Raises Unauthenticated."""
    row = work.one(_ACCOUNT_KEY, subject_id=subject_id)
    if row is None or not row["open"]:
        raise _closed()
    return DataKey(row["key_id"], row["wrapped"], keys.unwrap(row["wrapped"], row["key_id"]))


def check_open(work: Work, subject_id: str) -> None:
    """Nobody closes the account before this transaction ends; whoever has none is let through. Raises Unauthenticated."""
    row = work.one(_ACCOUNT_KEY, subject_id=subject_id)
    if row is not None and not row["open"]:
        raise _closed()


def _closed() -> Unauthenticated:
    return Unauthenticated("The account has been closed. Register with POST /v1/auth/register.")


def sales_key(work: Work, subject_id: str, retain_until: date, keys: KeyEncryption) -> DataKey:
    """The key of a subject's sales that are kept until this day, made with the first of them."""
    row = work.one(_SALES_KEY, subject_id=subject_id, retain_until=retain_until)
    if row is None:
        key = new_key(work, keys)
        made = {"key_id": key.key_id, "wrapped": key.wrapped}
        row = work.run(_MAKE_SALES_KEY, subject_id=subject_id, retain_until=retain_until, now=work.now, **made)[0]
    return DataKey(row["key_id"], row["wrapped"], keys.unwrap(row["wrapped"], row["key_id"]))


def new_entry(work: Work, key: DataKey, kind: Kind, content: dict[str, Any]) -> Entry:
    """Sealed for this place: under another id or as another kind it does not open."""
    entry_id = work.new_id("evd")
    return Entry(entry_id, key.key_id, kind, seal(key.secret, content, _context(entry_id, kind), work.entropy))


def opened(row: Row, keys: KeyEncryption) -> Opened:
    """The entry in a row with the columns of `COLUMNS`. Raises CannotOpen."""
    secret = keys.unwrap(row["wrapped"], row["key_id"])
    return unseal(secret, row["sealed"], _context(row["entry_id"], row["kind"]))


def destroy(work: Work, key_ids: list[str]) -> None:
    """Destroy keys and with them all that they sealed, for good. Their rows stay and say when."""
    work.run(_DESTROY, key_ids=key_ids, now=work.now)


def _context(entry_id: str, kind: str) -> str:
    return f"{kind} {entry_id}"


COLUMNS = "e.entry_id, e.kind, e.sealed, k.key_id, k.wrapped"
"""Of vault_entries e and its vault_keys k: what `opened` reads."""

ADD_ENTRY = """
    INSERT INTO vault_entries (entry_id, key_id, kind, sealed, created_at)
    VALUES (:entry_id, :key_id, :kind, :sealed, :now)
"""

_ACCOUNT_KEY = """
    SELECT key_id, wrapped, wrapped IS NOT NULL AND retain_until IS NULL AS open FROM vault_keys
    WHERE subject_id = :subject_id AND purpose = 'account' FOR SHARE
"""

_SALES_KEY = """
    SELECT key_id, wrapped FROM vault_keys
    WHERE subject_id = :subject_id AND purpose = 'sales' AND retain_until = :retain_until
"""

# Whoever comes second waits here for the first, and is given the key that the first one made.
_MAKE_SALES_KEY = """
    INSERT INTO vault_keys (key_id, subject_id, purpose, retain_until, wrapped, created_at)
    VALUES (:key_id, :subject_id, 'sales', :retain_until, :wrapped, :now)
    ON CONFLICT (subject_id, retain_until) WHERE purpose = 'sales' DO UPDATE SET subject_id = EXCLUDED.subject_id
    RETURNING key_id, wrapped
"""

_DESTROY = """
    WITH gone AS (DELETE FROM vault_entries WHERE key_id = ANY(CAST(:key_ids AS text[])))
    UPDATE vault_keys SET wrapped = NULL, destroyed_at = :now
    WHERE key_id = ANY(CAST(:key_ids AS text[])) AND wrapped IS NOT NULL
"""
