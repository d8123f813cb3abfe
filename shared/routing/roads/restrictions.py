"""Turn restrictions, from the ways and nodes that a map names to the arcs of a network.

After https://wiki.openstreetmap.org/wiki/Relation:restriction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from shared.routing.protocol import Ints
from shared.routing.roads.network import Int32s

LONGEST = 12
"""Arcs of the ways in the middle of a restriction; longer ones are left out."""


@dataclass(frozen=True, slots=True)
class Ban:
    """From one way to another, at a node or over other ways. `only`: every other way on from there is banned instead."""

    source_way: int
    target_way: int
    only: bool
    node: int | None = None
    over: frozenset[int] = frozenset()


class Junctions:
    """The arcs of a network by node and way. `way` int64[a], `tail`, `head` int32[a]."""

    def __init__(self, way: Ints, tail: Int32s, head: Int32s) -> None:
        self.way, self.tail, self.head = way.tolist(), tail.tolist(), head.tolist()
        self.into: dict[int, list[int]] = {}
        self.out_of: dict[int, list[int]] = {}
        for arc, (start, end) in enumerate(zip(self.tail, self.head, strict=True)):
            self.out_of.setdefault(start, []).append(arc)
            self.into.setdefault(end, []).append(arc)

    def banned(self, ban: Ban, node: int | None) -> Iterator[tuple[int, ...]]:
        """Arcs that may not be driven in a row; `node`: that of the ban in the network, None for one over ways."""
        for before in self._approaches(ban, node):
            onward = self.out_of.get(self.head[before[-1]], [])
            turned = [arc for arc in onward if self.way[arc] == ban.target_way]
            if node is not None and ban.source_way == ban.target_way:
                turned = [arc for arc in turned if self.head[arc] == self.tail[before[-1]]]
            for arc in set(onward) - set(turned) if ban.only and turned else () if ban.only else turned:
                yield (*before, arc)

    def _approaches(self, ban: Ban, node: int | None) -> Iterator[tuple[int, ...]]:
        """The arcs driven before the banned turn: one of the source way, and those over the ways between."""
        if node is not None:
            yield from ((arc,) for arc in self.into.get(node, ()) if self.way[arc] == ban.source_way)
            return
        for arc, way in enumerate(self.way):
            if way == ban.source_way and any(self.way[on] in ban.over for on in self.out_of.get(self.head[arc], ())):
                yield from self._over(arc, ban)

    def _over(self, source: int, ban: Ban) -> Iterator[tuple[int, ...]]:
        """From an arc over arcs of the ways between to the first node from which the target way leaves."""
        queue: deque[tuple[int, ...]] = deque([(source,)])
        seen = {self.tail[source], self.head[source]}
        while queue:
            path = queue.popleft()
            end = self.head[path[-1]]
            if len(path) > 1 and any(self.way[arc] == ban.target_way for arc in self.out_of.get(end, ())):
                yield path
                return
            for arc in self.out_of.get(end, ()) if len(path) <= LONGEST else ():
                if self.way[arc] in ban.over and self.head[arc] not in seen:
                    seen.add(self.head[arc])
                    queue.append((*path, arc))


def forbidden(bans: Iterable[Ban], ids: Ints, way: Ints, tail: Int32s, head: Int32s) -> Int32s:
    """int32[f, k ≥ 2]: arcs that may not be driven in a row, shorter rows filled up with -1.

    `ids` int64[n]: the map's number of each node. What names nodes or ways outside the network is left out.
    """
    node_of = {int(one): at for at, one in enumerate(ids)}
    junctions = Junctions(way, tail, head)
    rows: set[tuple[int, ...]] = set()
    for ban in bans:
        node = None if ban.node is None else node_of.get(ban.node, -1)
        rows.update(junctions.banned(ban, node))
    table = np.full((len(rows), max((len(row) for row in rows), default=2)), -1, dtype=np.int32)
    for at, row in enumerate(sorted(rows)):
        table[at, : len(row)] = row
    return table
