"""A signed checkpoint: the log's size and root, in the text form that every C2SP verifier reads.

The body is c2sp.org/tlog-checkpoint: origin, size and root, one line each. Around it is c2sp.org/signed-note with
Ed25519 (signature type 0x01). A note may carry several signatures, so a new key can sign beside the old one until
every verifier knows it. No I/O and no clock.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.dossier.merkle import HASH_SIZE

ED25519 = b"\x01"
"""The signature type of signed-note, section "Signature types"."""

MOST_SIGNATURES = 100
"""A verifier should limit them, and must take at least 16: signed-note, section "Format"."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)
_SIGNATURE = "\u2014 "
_PRIVATE = "PRIVATE+KEY+"


class CheckpointError(ValueError):
    """A checkpoint or a key that cannot be relied on; the class says which way, the text says where."""


class MalformedNote(CheckpointError):
    """Not a signed note: its frame, its characters or a signature line."""


class MalformedCheckpoint(CheckpointError):
    """A note whose text is not origin, size and root."""


class MalformedKey(CheckpointError):
    """Not a key in its text form, or one whose ID does not belong to it."""


class UnknownKey(CheckpointError):
    """No signature is by a known key that is named as the origin."""


class BadSignature(CheckpointError):
    """A known key's signature does not fit the text."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log. `extensions` are opaque lines, which logs should leave out."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """What is signed: tlog-checkpoint, section "Note text". Raises MalformedCheckpoint for what no parser reads."""
        lines = (self.origin, str(self.size), encode(self.root), *self.extensions)
        text = "".join(f"{line}\n" for line in lines)
        if _controlled(text) or parse_text(text) != self:
            raise MalformedCheckpoint("a line of the checkpoint has a line break or a control character")
        return text


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: `name+id+base64(0x01 || key)`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """signed-note, section "Ed25519 signatures": SHA-256(name || 0x0A || 0x01 || key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        name, key_id, public = _parse_key(text)
        key = cls(name, public)
        if key.id != key_id:
            raise MalformedKey(f"the key {name} does not have the ID {key_id.hex()}")
        return key

    def verifies(self, signature: bytes, text: str) -> bool:
        """RFC 8032 over the text with its last newline."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name. Its text form is Go's, `PRIVATE+KEY+name+id+base64(0x01 || seed)`."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def generate(cls, name: str) -> "Signer":
        if not _is_name(name):
            raise MalformedKey("a key's name is not empty and has neither spaces nor a plus sign")
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> "Signer":
        if not text.startswith(_PRIVATE):
            raise MalformedKey(f"a private key's text begins with {_PRIVATE}")
        name, key_id, seed = _parse_key(text.removeprefix(_PRIVATE))
        signer = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if signer.verifier.id != key_id:
            raise MalformedKey(f"the private key {name} does not have the ID {key_id.hex()}")
        return signer

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw())

    def secret(self) -> str:
        """The text form, for the place where secrets are kept."""
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{encode(ED25519 + self.key.private_bytes_raw())}"

    def signature(self, text: str) -> "Signature":
        return Signature(self.name, self.verifier.id, self.key.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: `— name base64(id || signature)`."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        return f"{_SIGNATURE}{self.name} {encode(self.key_id + self.signature)}\n"


def sign(checkpoint: Checkpoint, signers: Sequence[Signer]) -> str:
    """The signed note. Whoever calls this has to see to it that the log only ever grows."""
    if not signers:
        raise MalformedNote("a note has at least one signature")
    text = checkpoint.text()
    return f"{text}\n" + "".join(signer.signature(text).line() for signer in signers)


def split(note: str) -> tuple[str, tuple[Signature, ...]]:
    """The text of a signed note and its signatures, none of them checked. Raises MalformedNote."""
    if _controlled(note):
        raise MalformedNote("it has a control character or text that is not UTF-8")
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise MalformedNote("it is not a text, a blank line and signature lines")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise MalformedNote(f"it has more than {MOST_SIGNATURES} signatures")
    return f"{text}\n", tuple(_parse_signature(line) for line in signatures)


def parse_text(text: str) -> Checkpoint:
    """tlog-checkpoint, section "Note text". Raises MalformedCheckpoint."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or "" in lines:
        raise MalformedCheckpoint("it is not at least three lines, none of them empty")
    origin, size, root, *extensions = lines
    if _SIZE.fullmatch(size) is None:
        raise MalformedCheckpoint("its size is not a decimal number without leading zeroes")
    digest = decode(root)
    if digest is None or len(digest) != HASH_SIZE:
        raise MalformedCheckpoint("its root is not the base64 text of a SHA-256 hash")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def open_checkpoint(note: str, known: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint, if a known key signed it.

    signed-note, section "Signatures": signatures of unknown keys are ignored, those of known keys all have to verify,
    and one has to be there. tlog-checkpoint has the log's key named as the origin; here that is required, so that a
    key known for one log never speaks for another. Raises a CheckpointError.
    """
    text, signatures = split(note)
    checkpoint = parse_text(text)
    keys = {(key.name, key.id): key for key in known}
    signed_by_log = False
    for signature in signatures:
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verifies(signature.signature, text):
            raise BadSignature(f"the signature of {key.name} (key {key.id.hex()}) does not fit the checkpoint")
        signed_by_log |= key.name == checkpoint.origin
    if not signed_by_log:
        named = ", ".join(f"{each.name} (key {each.key_id.hex()})" for each in signatures)
        raise UnknownKey(f"no trusted key of {checkpoint.origin} signed it; it is signed by {named}")
    return checkpoint


def encode(data: bytes) -> str:
    """RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes | None:
    """RFC 4648 section 4, and only in the one form that encoding gives, so that no two texts mean the same."""
    try:
        data = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return data if encode(data) == text else None


def _parse_key(text: str) -> tuple[str, bytes, bytes]:
    """name+id+base64(type || 32 bytes). The base64 part may itself have plus signs, the name has none."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not _is_name(parts[0]) or _ID.fullmatch(parts[1]) is None:
        raise MalformedKey("a key's text is its name, 8 hexadecimal digits and base64, joined by plus signs")
    material = decode(parts[2])
    if material is None or len(material) != 33 or material[:1] != ED25519:
        raise MalformedKey(f"the key {parts[0]} is not an Ed25519 key of type 0x01")
    return parts[0], bytes.fromhex(parts[1]), material[1:]


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_SIGNATURE).partition(" ")
    material = decode(encoded)
    if not line.startswith(_SIGNATURE) or not _is_name(name) or material is None or len(material) < 5:
        raise MalformedNote("a signature line is not a dash, a key's name and base64")
    return Signature(name, material[:4], material[4:])


def _is_name(name: str) -> bool:
    """signed-note, section "Format"."""
    return name != "" and "+" not in name and not _controlled(name) and not any(each.isspace() for each in name)


def _controlled(text: str) -> bool:
    """Whether it has what no note has: a control character other than newline, or half a surrogate pair."""
    return any((each < " " and each != "\n") or "\ud800" <= each <= "\udfff" for each in text)
