"""Customizable contraction hierarchies (Dibbelt, Strasser, Wagner, 2016), by the `routingkit-cch` wheel.

The order of nodes depends on the network alone and is stored with it; other times of day are other weights on it.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np

from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import Int32s, RoadGraph
from shared.routing.search.ends import Ends

MILLI = 1_000.0
PINNED = 200
"""Origins searched from together."""

FEW = 2
"""A search from one to many takes about twice as long as one from many to one."""


@cache
def wheel() -> Any | None:
    """The `routingkit_cch` module; None where it is not installed."""
    try:
        return importlib.import_module("routingkit_cch")
    except ImportError:
        return None


def contraction_order(points: Floats, tail: Int32s, head: Int32s) -> Int32s:
    """int32[n]: nodes by inertial bisection of their places float64[n, 2]; as they come where the wheel is missing."""
    kit = wheel()
    if kit is None:
        return np.arange(len(points), dtype=np.int32)
    lat, lng = points[:, 0].tolist(), points[:, 1].tolist()
    return np.array(kit.compute_order_inertial(len(points), tail.tolist(), head.tolist(), lat, lng), dtype=np.int32)


class Hierarchy:
    """The contracted network: made once, given weights per bucket by `Contraction`."""

    def __init__(self, graph: RoadGraph) -> None:
        """Raises ImportError where the wheel is not installed."""
        kit = wheel()
        if kit is None:
            raise ImportError("routingkit-cch is not installed")
        self.kit: Any = kit
        order = graph.order
        if np.array_equal(order, np.arange(len(order))):
            order = contraction_order(np.column_stack((graph.lat, graph.lng)), graph.tail, graph.head)
        self.rank = np.empty(len(order), dtype=np.int64)
        self.rank[order] = np.arange(len(order))
        self.cch = self.kit.CCH(order.tolist(), graph.tail.tolist(), graph.head.tolist(), False)


class Contraction:
    """Fastest ways with the weights of one bucket. Its searches live no longer than a call: they are bound to a thread."""

    def __init__(self, hierarchy: Hierarchy, seconds: Floats) -> None:
        """`seconds` float64[a]."""
        self._kit, self._rank = hierarchy.kit, hierarchy.rank
        self._metric = hierarchy.kit.CCHMetric(hierarchy.cch, np.rint(seconds * MILLI).astype(np.int64).tolist())

    def table(self, exits: Ends, entries: Ends) -> Floats:
        seconds = np.empty((len(exits.node), len(entries.node)))
        if seconds.size == 0:
            return seconds
        if FEW * len(exits.node) < len(entries.node):
            outward = self._kit.CCHOneToMany(self._metric, entries.node.ravel().tolist())
            for row, sources in enumerate(_open(exits)):
                seconds[row] = _best(outward.distances_from_multi(sources), entries.seconds)
            return seconds
        search = self._kit.CCHManyToOne(self._metric, exits.node.ravel().tolist())
        for column, targets in enumerate(_open(entries)):
            seconds[:, column] = _best(search.distances_to_multi(targets), exits.seconds)
        return seconds

    def cells(self, exits: Ends, entries: Ends, origin: Ints, destination: Ints) -> Floats:
        seconds = np.empty(len(origin))
        targets = _open(entries)
        search: Any = None
        for cells in _batches(origin, destination, self._rank[entries.node[:, 0]]):
            pinned, place = np.unique(origin[cells], return_inverse=True)
            nodes = exits.node[pinned].ravel().tolist()
            if search is None:
                search = self._kit.CCHManyToOne(self._metric, nodes)
            else:
                search.repin_sources(nodes)
            starts = np.flatnonzero(np.diff(destination[cells], prepend=-1))
            for run in np.split(np.arange(len(cells)), starts[1:]):
                found = search.distances_to_multi(targets[destination[cells[run[0]]]])
                seconds[cells[run]] = _best(found, exits.seconds[pinned])[place[run]]
        return seconds

    def path(self, exits: Ends, entries: Ends) -> list[int]:
        found = self._kit.CCHQuery(self._metric).run_multi(_open(exits)[0], _open(entries)[0])
        arcs: list[int] = found.arc_path
        return arcs


def _open(ends: Ends) -> list[list[tuple[int, int]]]:
    """Per point the (node, milliseconds) of its open ends."""
    open_ends = np.isfinite(ends.seconds)
    millis = np.rint(np.where(open_ends, ends.seconds, 0.0) * MILLI).astype(np.int64)
    return [
        [(node, spent) for node, spent, there in zip(*row, strict=True) if there]
        for row in zip(ends.node.tolist(), millis.tolist(), open_ends.tolist(), strict=True)
    ]


def _best(found: list[int | None], spent: Floats) -> Floats:
    """float64[n] seconds: the faster of two exits; `found` milliseconds by each of 2n, `spent` float64[n, 2]."""
    by_exit = np.array(found, dtype=np.float64).reshape(-1, 2) / MILLI + spent
    best: Floats = np.fmin(by_exit[:, 0], by_exit[:, 1])
    return np.where(np.isnan(best), np.inf, best)


def _batches(origin: Ints, destination: Ints, rank: Ints) -> list[Ints]:
    """Rows of cells, whole runs of one destination, few enough origins to a batch to be searched from together.

    `rank` int64[m] of destinations in the contraction: nodes next to each other in it are close by on the map.
    """
    rows = np.lexsort((destination, rank[destination]))
    if len(rows) == 0:
        return []
    starts = np.flatnonzero(np.diff(destination[rows], prepend=-1))
    batches: list[list[Ints]] = []
    together: set[int] = set()
    for run in np.split(rows, starts[1:]):
        wanted = set(origin[run].tolist())
        if not batches or len(together | wanted) > PINNED:
            batches.append([])
            together = set()
        together |= wanted
        batches[-1].append(run)
    return [np.concatenate(batch) for batch in batches]
