"""Passwords as argon2id hashes (RFC 9106), with the OWASP Password Storage Cheat Sheet's minimum cost.

Only signing up and signing in import this module: argon2 takes a share of a cold start.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from shared.kernel.ids import Entropy

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
"""`memory_cost` is in KiB."""


def hashed(password: str, entropy: Entropy) -> str:
    return _HASHER.hash(password, salt=entropy(_HASHER.salt_len))


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that was stored; as slow for an account that does not exist (`stored` is None)."""
    decoy = _decoy()
    try:
        return _HASHER.verify(stored or decoy, password) and stored is not None
    except VerifyMismatchError:
        return False


@cache
def _decoy() -> str:
    return _HASHER.hash("", salt=bytes(_HASHER.salt_len))
