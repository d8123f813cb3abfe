"""Who signs the log, who witnesses it, and where it is archived: what settings name."""

import os
from functools import cache
from pathlib import Path

from shared.archive.protocol import Archive
from shared.dossier.checkpoint import MalformedKey, Signer, VerifierKey
from shared.dossier.witness_client import HttpWitness
from shared.wiring.settings import InvalidSettings, on_google, required


@cache
def signers() -> tuple[Signer, ...]:
    """`LOG_KEYS`: private keys of the log in their text form, separated by spaces; all sign. Raises InvalidSettings."""
    try:
        found = tuple(Signer.parse(text) for text in os.environ.get("LOG_KEYS", "").split())
    except MalformedKey as error:
        raise InvalidSettings(f"LOG_KEYS has a key that cannot be used: {error}.") from error
    if len({signer.name for signer in found}) != 1:
        raise InvalidSettings("Set LOG_KEYS to the private keys of one log: `cloudrun log make-key` makes one.")
    return found


@cache
def witnesses() -> tuple[HttpWitness, ...]:
    """`WITNESSES`: pairs of an address and a public key, `https://witness.example name+id+key`. Raises InvalidSettings."""
    words = os.environ.get("WITNESSES", "").split()
    try:
        pairs = zip(words[::2], words[1::2], strict=True)
        return tuple(HttpWitness(url.rstrip("/"), VerifierKey.parse(key)) for url, key in pairs)
    except ValueError as error:
        raise InvalidSettings(f"WITNESSES is not pairs of an address and a public key: {error}.") from error


@cache
def archive() -> Archive:
    """`ARCHIVE_BUCKET` on Google Cloud, `ARCHIVE_DIR` on one machine."""
    if on_google():
        from shared.archive.google import BucketArchive

        return BucketArchive(required("GOOGLE_CLOUD_PROJECT", "my-market"), required("ARCHIVE_BUCKET", "my-archive"))
    from shared.archive.embedded import FolderArchive

    return FolderArchive(Path(os.environ.get("ARCHIVE_DIR", ".cloudrun/archive")))
