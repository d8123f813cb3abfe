"""Sessions: opaque tokens of which only the hash is stored; they end after 24 hours or when their owner signs out."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from shared.accounts.rules import SESSION_LIFETIME
from shared.kernel.errors import Unauthenticated
from shared.kernel.ids import Entropy
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened; `token` is known to nobody else from now on."""

    token: str
    expires_at: datetime
    account: Row


def new_token(entropy: Entropy) -> str:
    """256 random bits in URL-safe base 64."""
    return base64.urlsafe_b64encode(entropy(_TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> bytes:
    """SHA-256: a token is random, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).digest()


def expiry(now: datetime) -> datetime:
    return now + SESSION_LIFETIME


def with_name(account: Row, keys: KeyEncryption) -> Row:
    """An account's row that holds the columns of its profile in the vault, with the name that is sealed there."""
    return {**account, "name": vault.opened(account, keys).content["name"]}


def read(work: Work, token: str, keys: KeyEncryption) -> Row:
    """The session's account and `expires_at`. Raises Unauthenticated."""
    row = work.one(_READ, token_hash=token_hash(token), now=work.now)
    if row is None:
        raise Unauthenticated("The session has ended. Sign in again with POST /v1/auth/login.")
    return with_name(row, keys)


def end(work: Work, token: str) -> None:
    work.run(_END, token_hash=token_hash(token))


_READ = f"""
    SELECT a.account_id, a.role, a.tenant_id, a.email, s.expires_at, {vault.COLUMNS}
    FROM sessions s JOIN accounts a USING (account_id) JOIN vault_entries e ON e.entry_id = a.profile_id
        JOIN vault_keys k USING (key_id)
    WHERE s.token_hash = :token_hash AND s.expires_at > :now
"""

_END = "DELETE FROM sessions WHERE token_hash = :token_hash"
