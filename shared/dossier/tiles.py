"""The log's tree as static tiles: c2sp.org/tlog-tiles, 256 hashes each, which any file server can serve.

Tile (level, index) holds the hashes of tree level 8·level from 256·index on. It only ever grows at its end, up to its
full width, and never changes again. No I/O and no clock.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shared.dossier.merkle import HASH_SIZE, Node, Reader, root

HEIGHT = 8
WIDTH = 1 << HEIGHT

Place = tuple[int, int]
"""(level, index) of a tile."""

_PATH = re.compile(r"([0-5]?[0-9])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile with so many of its hashes, 1 to 256."""

    level: int
    index: int
    width: int

    @property
    def place(self) -> Place:
        return self.level, self.index

    @property
    def path(self) -> str:
        """tlog-tiles, section "Merkle Tree": `<L>/<N>[.p/<W>]`."""
        return f"{self.level}/{numbered(self.index, self.width)}"


def numbered(index: int, width: int) -> str:
    """`<N>[.p/<W>]`: groups of three digits, all but the last with an x before them."""
    groups = [f"{index % 1_000:03d}"]
    while index := index // 1_000:
        groups.insert(0, f"x{index % 1_000:03d}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def parse(path: str) -> Tile | None:
    """The tile of a path that `Tile.path` gives, None for any other text."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    index = int(found[2].replace("x", "").replace("/", ""))
    tile = Tile(int(found[1]), index, int(found[3] or WIDTH))
    return tile if tile.width <= WIDTH and tile.path == path else None


def added(nodes: Iterable[tuple[Node, bytes]]) -> dict[Place, bytes]:
    """What the nodes that new leaves completed add to the ends of tiles, in the order in which they were completed."""
    ends: dict[Place, bytearray] = {}
    for (level, index), node in nodes:
        tile_level, within = divmod(level, HEIGHT)
        if within == 0:
            ends.setdefault((tile_level, index >> HEIGHT), bytearray()).extend(node)
    return {place: bytes(hashes) for place, hashes in ends.items()}


def grown(first: int, second: int) -> Iterator[Tile]:
    """The tiles of a log of `second` entries that a log of `first` entries has not, or has narrower."""
    before, after, level = first, second, 0
    while after > before:
        for index in range(before >> HEIGHT, ((after - 1) >> HEIGHT) + 1):
            yield Tile(level, index, min(WIDTH, after - (index << HEIGHT)))
        before, after, level = before >> HEIGHT, after >> HEIGHT, level + 1


def places(nodes: Iterable[Node]) -> set[Place]:
    """The tiles in which these nodes are found."""
    return {_within(node)[0] for node in nodes}


def reader(tiles: Mapping[Place, bytes]) -> Reader:
    """Gives nodes out of tiles. Raises KeyError for a tile that is not among them."""

    def read(node: Node) -> bytes:
        place, begin, end = _within(node)
        hashes = tiles[place]
        return root(hashes[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(begin, end))

    return read


def _within(node: Node) -> tuple[Place, int, int]:
    """The tile of a node, and which of its hashes the node is the root of."""
    tile_level, above = divmod(node[0], HEIGHT)
    begin = node[1] << above
    return (tile_level, begin >> HEIGHT), begin % WIDTH, begin % WIDTH + (1 << above)
