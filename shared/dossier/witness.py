"""What a witness does: it cosigns a checkpoint only when it continues the last one that it cosigned.

The request is c2sp.org/tlog-witness, "add-checkpoint"; the cosignature is c2sp.org/tlog-cosignature with Ed25519
(signature type 0x04). Whoever runs a witness vouches that the log shows everybody one history. No I/O and no clock.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.dossier import merkle
from shared.dossier.checkpoint import (
    BadSignature,
    Checkpoint,
    CheckpointError,
    Signature,
    Signer,
    UnknownKey,
    VerifierKey,
    decode,
    encode,
    open_checkpoint,
    parse_text,
    split,
)

COSIGNATURE = b"\x04"
"""The signature type of a timestamped cosignature by Ed25519."""

MOST_HASHES = 63
"""tlog-witness: a consistency proof has at most 63 lines."""

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


class Refused(Exception):
    """Not cosigned; `status` and `text` are the answer that tlog-witness asks for."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@dataclass(frozen=True, slots=True)
class Head:
    """The last checkpoint of an origin that was cosigned."""

    size: int
    root: bytes


NOTHING_YET = Head(0, merkle.EMPTY_ROOT)


@dataclass(frozen=True, slots=True)
class Request:
    """`proof` leads from the tree of `old` entries to the one in the note."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def write_request(old: int, proof: Sequence[bytes], note: str) -> str:
    return "".join(f"{line}\n" for line in (f"old {old}", *(encode(each) for each in proof), "")) + note


def read_request(text: str) -> Request:
    """Raises Refused."""
    head, blank, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    proof = [decode(line) for line in lines]
    if not blank or old is None or len(proof) > MOST_HASHES:
        raise Refused(
            400, "the body is not `old`, a consistency proof of at most 63 lines, a blank line and a checkpoint"
        )
    hashes = tuple(each for each in proof if each is not None and len(each) == merkle.HASH_SIZE)
    if len(hashes) != len(proof):
        raise Refused(400, "a line of the proof is not the base64 text of a SHA-256 hash")
    return Request(int(old[1]), hashes, note)


def examine(request: Request, logs: Mapping[str, Sequence[VerifierKey]], seen: Mapping[str, Head]) -> Checkpoint:
    """The checkpoint, if it may be cosigned: signed by a known log, and a continuation of what was `seen`.

    Raises Refused: 404 an unknown log, 403 no signature of its key, 409 `old` is not what was seen (the text is its size), 422
    the proof does not hold, 400 anything that cannot be read.
    """
    try:
        origin = parse_text(split(request.note)[0]).origin
        if origin not in logs:
            raise Refused(404, f"the log {origin} is not known here")
        checkpoint = open_checkpoint(request.note, logs[origin])
    except (UnknownKey, BadSignature) as error:
        raise Refused(403, str(error)) from error
    except CheckpointError as error:
        raise Refused(400, str(error)) from error
    last = seen.get(origin, NOTHING_YET)
    if request.old > checkpoint.size:
        raise Refused(400, "`old` is greater than the size of the checkpoint")
    if request.old != last.size or (request.old == checkpoint.size and last.root != checkpoint.root):
        raise Refused(409, f"{last.size}\n")
    if not merkle.verify_consistency(last.size, checkpoint.size, last.root, checkpoint.root, request.proof):
        raise Refused(422, "the proof does not show that the checkpoint continues the last one")
    return checkpoint


def cosign(checkpoint_text: str, signer: Signer, at: int) -> Signature:
    """tlog-cosignature, section "Format": over the time (seconds since 1970) and the checkpoint's text."""
    signed = signer.key.sign(_signed(checkpoint_text, at))
    return Signature(signer.name, key_id(signer.verifier), at.to_bytes(8, "big") + signed)


def key_id(key: VerifierKey) -> bytes:
    """The ID of the same key when it cosigns: SHA-256(name || 0x0A || 0x04 || key)[:4]."""
    return hashlib.sha256(key.name.encode() + b"\n" + COSIGNATURE + key.public).digest()[:4]


def cosigned_at(note: str, witness: VerifierKey) -> int | None:
    """When this witness cosigned the note, seconds since 1970; None when it did not, or its cosignature does not hold."""
    text, signatures = split(note)
    for each in signatures:
        if (each.name, each.key_id) == (witness.name, key_id(witness)) and len(each.signature) == 72:
            at = int.from_bytes(each.signature[:8], "big")
            return at if _holds(witness, each.signature[8:], _signed(text, at)) else None
    return None


def _signed(checkpoint_text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint_text}".encode()


def _holds(witness: VerifierKey, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(witness.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
