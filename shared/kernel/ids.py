"""Ids are prefixed and sort by the time they were made: `ord_01h455vb4pex5vsknk084sn02q`.

A TypeID (github.com/jetify-com/typeid, specification 0.3): a prefix and a UUIDv7 (RFC 9562) in Crockford base 32.
Because the text sorts by time, tables are partitioned by ranges of the id itself.
"""

from base64 import b32encode
from collections.abc import Callable
from datetime import datetime

Entropy = Callable[[int], bytes]
"""Gives that many random bytes; `os.urandom` in production, a seeded source in simulations."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SUFFIX_LENGTH = 26
TAIL_LENGTH = 16
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())


def new_id(prefix: str, at: datetime, entropy: Entropy) -> str:
    """A new id made at `at` (millisecond resolution) with 74 random bits."""
    return new_ids(prefix, at, entropy, 1)[0]


def new_ids(prefix: str, at: datetime, entropy: Entropy, count: int) -> list[str]:
    """So many new ids made at `at`. What follows the time is ten random bytes each, but for the version and the variant."""
    random = bytearray(entropy(10 * count))
    random[0::10] = bytes(byte & 0x0F | 0x70 for byte in random[0::10])
    random[2::10] = bytes(byte & 0x3F | 0x80 for byte in random[2::10])
    tails = b32encode(random).translate(_CROCKFORD).decode()
    head = first_id(prefix, at)[:-TAIL_LENGTH]
    return [head + tails[start : start + TAIL_LENGTH] for start in range(0, len(tails), TAIL_LENGTH)]


def first_id(prefix: str, at: datetime) -> str:
    """The smallest id that could be made at `at`: a partition bound, or a cursor in time."""
    return f"{prefix}_{_base32(_milliseconds(at) << 80)}"


def is_id(prefix: str, text: str) -> bool:
    head, _, suffix = text.partition("_")
    return head == prefix and len(suffix) == _SUFFIX_LENGTH and all(letter in ALPHABET for letter in suffix)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _base32(value: int) -> str:
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(_SUFFIX_LENGTH - 1, -1, -1))
