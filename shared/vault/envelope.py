"""How an entry is sealed: AES-256-GCM (NIST SP 800-38D), with a commitment that others may hold.

What is encrypted is a salt and the content's canonical JSON (RFC 8785). The commitment is SHA-256 over both: whoever has
the opened entry can show that it is what was committed to, and without the salt, which goes with the key, nobody can find
the content by trying names and addresses. No I/O and no clock.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.ids import Entropy
from shared.vault.protocol import CannotOpen

KEY_SIZE, SALT_SIZE, NONCE_SIZE = 32, 32, 12
"""Bytes. A nonce is drawn at random, which is safe for 2^32 messages of a key (SP 800-38D, section 8.3)."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """`ciphertext` begins with its nonce; `commitment` and `ciphertext_sha256` are lower-case hex and tell nobody anything."""

    ciphertext: bytes
    commitment: str

    @property
    def ciphertext_sha256(self) -> str:
        return hashlib.sha256(self.ciphertext).hexdigest()


@dataclass(frozen=True, slots=True)
class Opened:
    content: dict[str, Any]
    salt: bytes = field(repr=False)

    @property
    def commitment(self) -> str:
        return commit(self.salt, self.content)


def seal(key: bytes, content: dict[str, Any], context: str, entropy: Entropy) -> Sealed:
    """Raises rfc8785.CanonicalizationError for values that JSON lacks."""
    salt, nonce = entropy(SALT_SIZE), entropy(NONCE_SIZE)
    ciphertext = AESGCM(key).encrypt(nonce, salt + rfc8785.dumps(content), context.encode())
    return Sealed(nonce + ciphertext, commit(salt, content))


def unseal(key: bytes, ciphertext: bytes, context: str) -> Opened:
    """Raises CannotOpen."""
    nonce, body = ciphertext[:NONCE_SIZE], ciphertext[NONCE_SIZE:]
    try:
        plain = AESGCM(key).decrypt(nonce, body, context.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{context} cannot be opened with its subject's key") from None
    return Opened(json.loads(plain[SALT_SIZE:]), plain[:SALT_SIZE])


def commit(salt: bytes, content: dict[str, Any]) -> str:
    """SHA-256(salt || canonical JSON); the salt has a fixed length, so no two pairs give the same input."""
    return hashlib.sha256(salt + rfc8785.dumps(content)).hexdigest()
