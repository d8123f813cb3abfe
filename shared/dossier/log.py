"""The transparency log in the database: every dossier event gets a place in one Merkle tree, and the tree's head is signed.

An event is queued by the transaction that appends it (a trigger, so no request pays a round trip for it), and one
writer at a time, who holds the row `log_head`, moves the queue into the tree. What was signed is never unsigned.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby

from shared.dossier import bundle, merkle, tiles
from shared.dossier.chain import Event
from shared.dossier.checkpoint import Checkpoint, Signer, sign
from shared.dossier.merkle import Frontier, leaf_hash
from shared.kernel.errors import BadInput, Conflict, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work

BATCH = 5_000
"""Events that one transaction moves from the queue into the tree."""


class NotYetSigned(Conflict):
    code, title = "not_yet_signed", "The newest events are not signed yet"


def grow(work: Work) -> int:
    """Give every waiting event its place in the tree, a batch per transaction. Gives how many there were."""
    moved = 0
    while True:
        head = work.run(_LOCK_HEAD)[0]
        waiting = work.run(_TAKE, limit=BATCH)
        if waiting:
            _append(work, head, sorted(waiting, key=lambda row: (row["order_id"], row["seq"])))
        work.checkpoint()
        moved += len(waiting)
        if len(waiting) < BATCH:
            return moved


def _append(work: Work, head: Row, entries: list[Row]) -> None:
    frontier = Frontier.unpack(bytes(head["frontier"]))
    first, completed = frontier.size, []
    for entry in entries:
        leaf = bundle.leaf(entry["order_id"], entry["seq"], entry["hash"])
        completed.extend(frontier.append(leaf_hash(leaf)))
    grown = tiles.added(completed)
    work.run(
        _APPEND,
        entries=json.dumps([{"index": first + n, **entry} for n, entry in enumerate(entries)]),
        tiles=json.dumps(
            [{"level": level, "index": index, "hashes": hashes.hex()} for (level, index), hashes in grown.items()]
        ),
        size=frontier.size,
        frontier=frontier.pack(),
    )


def sign_head(work: Work, signers: Sequence[Signer]) -> str | None:
    """Sign the head, if it grew since it was last signed. Gives the checkpoint, or None. `signers` have the log's name.

    The head's row is locked meanwhile, and a size is signed once, so that no smaller or other tree is ever signed.
    """
    head = work.run(_LOCK_HEAD)[0]
    if head["size"] == 0 or work.one(_SIGNED, size=head["size"]) is not None:
        return None
    root = Frontier.unpack(bytes(head["frontier"])).root()
    note = sign(Checkpoint(signers[0].name, head["size"], root), signers)
    work.run(_KEEP, size=head["size"], note=note, now=work.now)
    return note


def latest(work: Work) -> str:
    """The newest checkpoint with the cosignatures it has. Raises NotFound before the first."""
    row = work.one(_LATEST)
    if row is None:
        raise NotFound("The log has not been signed yet. It is, within a minute of its first event.")
    return str(row["note"])


def cosign(work: Work, size: int, lines: str) -> None:
    """Add a witness's lines to the checkpoint of this size."""
    work.run(_COSIGN, size=size, lines=lines)


def inclusion(work: Work, index: int, size: int) -> list[bytes]:
    """The proof that entry `index` is in the tree of `size` entries. Raises BadInput for what the log has not."""
    _check_size(work, "size", size)
    if index >= size:
        raise BadInput.field("query.index", f"must be below the size, {size}")
    return _prove(work, merkle.plan_inclusion(index, size))


def consistency(work: Work, first: int, second: int) -> list[bytes]:
    """The proof that the tree of `second` entries continues the one of `first`. Raises BadInput for what the log has not."""
    _check_size(work, "second", second)
    if first > second:
        raise BadInput.field("query.first", f"must not be above the second size, {second}")
    return _prove(work, merkle.plan_consistency(first, second))


def tile(work: Work, wanted: tiles.Tile) -> bytes:
    """Raises NotFound while the log has no tile as wide."""
    row = work.one(_TILE, level=wanted.level, index=wanted.index)
    hashes = bytes(row["hashes"])[: wanted.width * merkle.HASH_SIZE] if row else b""
    if len(hashes) < wanted.width * merkle.HASH_SIZE:
        raise NotFound(f"The log has no tile {wanted.path} yet. GET /v1/transparency/checkpoint for its size.")
    return hashes


def evidence(work: Work, order_id: str) -> str:
    """The order's evidence file. Raises NotFound, NotYetSigned."""
    files = evidence_of(work, [order_id])
    if order_id not in files:
        raise NotFound.of("order", order_id)
    text = files[order_id]
    if text is None:
        raise NotYetSigned("The log is signed once a minute. Ask again in a minute.")
    return text


def evidence_of(work: Work, order_ids: Sequence[str]) -> dict[str, str | None]:
    """The evidence files of the orders that there are; None for one whose newest event is not signed yet."""
    rows = work.run(_LOGGED_EVENTS, order_ids=list(order_ids))
    head = work.one(_LATEST)
    size = head["size"] if head else 0
    chains = {order_id: list(events) for order_id, events in groupby(rows, key=lambda row: str(row["order_id"]))}
    plans = {row["index"]: merkle.plan_inclusion(row["index"], size) for row in rows if _signed(row, size)}
    read = _reader(work, list(plans.values()))
    files: dict[str, str | None] = {}
    for order_id, events in chains.items():
        whole = all(_signed(row, size) for row in events)
        files[order_id] = _file(events, plans, read, head["note"]) if head and whole else None
    return files


def _signed(event: Row, size: int) -> bool:
    return event["index"] is not None and event["index"] < size


def _file(rows: list[Row], plans: Mapping[int, merkle.Plan], read: merkle.Reader, note: str) -> str:
    indexes = [row["index"] for row in rows]
    events = [Event(**{name: value for name, value in row.items() if name != "index"}) for row in rows]
    inclusions = [
        bundle.Inclusion(event.seq, index, tuple(plans[index].prove(read)))
        for event, index in zip(events, indexes, strict=True)
    ]
    return bundle.make(events, inclusions, note)


def _check_size(work: Work, name: str, size: int) -> None:
    logged = work.run(_SIZE)[0]["size"]
    if size > logged:
        raise BadInput.field(f"query.{name}", f"the log has {logged} entries")


def _prove(work: Work, plan: merkle.Plan) -> list[bytes]:
    return plan.prove(_reader(work, [plan]))


def _reader(work: Work, plans: Sequence[merkle.Plan]) -> merkle.Reader:
    """All tiles of these proofs, in one query."""
    places = sorted(tiles.places(node for plan in plans for node in plan.nodes))
    rows = work.run(_TILES, levels=[level for level, _ in places], indexes=[index for _, index in places])
    return tiles.reader({(row["level"], row["index"]): bytes(row["hashes"]) for row in rows})


_LOCK_HEAD = "SELECT size, frontier FROM log_head FOR UPDATE"
_SIZE = "SELECT size FROM log_head"
_TAKE = """
    DELETE FROM log_queue WHERE (order_id, seq) IN (SELECT order_id, seq FROM log_queue ORDER BY order_id, seq LIMIT :limit)
    RETURNING order_id, seq, hash
"""
_APPEND = """
    WITH entered AS (
        INSERT INTO log_entries (index, order_id, seq, hash)
        SELECT index, order_id, seq, hash
        FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(index bigint, order_id text, seq integer, hash text)
    ), tiled AS (
        INSERT INTO log_tiles AS t (level, index, hashes)
        SELECT level, index, decode(hashes, 'hex')
        FROM jsonb_to_recordset(CAST(:tiles AS jsonb)) AS g(level smallint, index bigint, hashes text)
        ON CONFLICT (level, index) DO UPDATE SET hashes = t.hashes || excluded.hashes
    )
    UPDATE log_head SET size = :size, frontier = :frontier
"""
_SIGNED = "SELECT size FROM log_checkpoints WHERE size = :size"
_KEEP = "INSERT INTO log_checkpoints (size, note, at) VALUES (:size, :note, :now)"
_LATEST = "SELECT size, note || cosignatures AS note FROM log_checkpoints ORDER BY size DESC LIMIT 1"
_COSIGN = "UPDATE log_checkpoints SET cosignatures = cosignatures || CAST(:lines AS text) WHERE size = :size"
_TILE = "SELECT hashes FROM log_tiles WHERE level = :level AND index = :index"
_TILES = """
    SELECT t.level, t.index, t.hashes FROM log_tiles t
    JOIN unnest(CAST(:levels AS smallint[]), CAST(:indexes AS bigint[])) AS wanted(level, index) USING (level, index)
"""
_LOGGED_EVENTS = """
    SELECT d.order_id, d.seq, d.type, d.at, d.actor, d.data, d.prev_hash, d.hash, l.index
    FROM dossier_events d LEFT JOIN log_entries l USING (order_id, seq)
    WHERE d.order_id = ANY(CAST(:order_ids AS text[])) ORDER BY d.order_id, d.seq
"""
