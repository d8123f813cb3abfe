"""Where the log goes once it is signed: to witnesses, who cosign it, and to the archive, which outlives the system."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.archive.protocol import Archive
from shared.dossier import bundle, log, tiles
from shared.dossier.checkpoint import VerifierKey
from shared.dossier.witness import cosigned_at
from shared.storage.work import Work

logger = logging.getLogger(__name__)


class WitnessUnavailable(Exception):
    """The witness did not cosign; the text says why."""


class OldSize(Exception):
    """The witness has seen the log at another size than it was told."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness has seen {size} entries")
        self.size = size


class Witness(Protocol):
    """A third party's witness. `key` is its public key."""

    @property
    def key(self) -> VerifierKey: ...

    def add_checkpoint(self, old: int, proof: Sequence[bytes], note: str) -> str:
        """The lines of its cosignature. Raises OldSize, WitnessUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Published:
    cosigned: int
    archived: int


def publish(work: Work, archive: Archive, witnesses: Sequence[Witness]) -> Published:
    """Have the newest checkpoint cosigned, and archive all that are not. Each step is kept as soon as it is done."""
    cosigned = sum(_ask(work, witness) for witness in witnesses)
    return Published(cosigned, _archive(work, archive))


def _ask(work: Work, witness: Witness) -> bool:
    """Whether this witness has now cosigned the newest checkpoint. One that is away is asked again at the next time."""
    row = work.one(_NEWEST)
    if row is None or cosigned_at(row["note"] + row["cosignatures"], witness.key) is not None:
        return False
    size, old = row["size"], row["before"]
    try:
        try:
            lines = witness.add_checkpoint(old, log.consistency(work, old, size), row["note"])
        except OldSize as seen:
            if seen.size > size:
                raise WitnessUnavailable(f"it has seen {seen.size} entries, and the log has {size}") from seen
            lines = witness.add_checkpoint(seen.size, log.consistency(work, seen.size, size), row["note"])
        if cosigned_at(row["note"] + lines, witness.key) is None:
            raise WitnessUnavailable("its cosignature does not hold")
    except (WitnessUnavailable, OldSize) as error:
        logger.warning("the witness %s did not cosign %d entries: %s", witness.key.name, size, error)
        return False
    log.cosign(work, size, lines)
    work.checkpoint()
    return True


def _archive(work: Work, archive: Archive) -> int:
    """Tiles first, then the checkpoint that speaks of them, so that a checkpoint in the archive can be verified there."""
    rows = work.run(_UNARCHIVED)
    for row in rows:
        for tile in tiles.grown(row["before"], row["size"]):
            archive.put(f"tile/{tile.path}", log.tile(work, tile))
            if tile.level == 0:
                archive.put(f"tile/entries/{tiles.numbered(tile.index, tile.width)}", _entries(work, tile))
        archive.put(f"checkpoint/{row['size']}", (row["note"] + row["cosignatures"]).encode())
        work.run(_ARCHIVED, size=row["size"])
        work.checkpoint()
    return len(rows)


def _entries(work: Work, tile: tiles.Tile) -> bytes:
    """tlog-tiles, section "Log Entries": each leaf after its length in two bytes, big-endian."""
    first = tile.index << tiles.HEIGHT
    leaves = [
        bundle.leaf(row["order_id"], row["seq"], row["hash"])
        for row in work.run(_ENTRIES, first=first, end=first + tile.width)
    ]
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


_NEWEST = """
    SELECT size, note, cosignatures,
           coalesce((SELECT max(size) FROM log_checkpoints e WHERE e.size < c.size AND e.cosignatures <> ''), 0) AS before
    FROM log_checkpoints c ORDER BY size DESC LIMIT 1
"""
_UNARCHIVED = """
    SELECT size, note, cosignatures,
           coalesce((SELECT max(size) FROM log_checkpoints e WHERE e.size < c.size), 0) AS before
    FROM log_checkpoints c WHERE NOT archived ORDER BY size
"""
_ARCHIVED = "UPDATE log_checkpoints SET archived = true WHERE size = :size"
_ENTRIES = "SELECT order_id, seq, hash FROM log_entries WHERE index >= :first AND index < :end ORDER BY index"
