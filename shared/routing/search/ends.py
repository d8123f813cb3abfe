"""Where trips begin and end on the network, and what a search between them promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import RoadGraph
from shared.routing.search.snapping import Snapped


@dataclass(frozen=True, slots=True)
class Ends:
    """The nodes by which points on roads are left or reached, along the road's shape and against it.

    node      int64[n, 2]; any node where that way is closed
    seconds   float64[n, 2] between the point and the node; infinite where closed
    """

    node: Ints
    seconds: Floats


class Search(Protocol):
    """Fastest ways between points on roads, over nodes, in whole milliseconds; turn restrictions are not looked at."""

    def table(self, exits: Ends, entries: Ends) -> Floats:
        """float64[n, m] seconds from n origins by their exits to m destinations by their entries."""
        ...

    def cells(self, exits: Ends, entries: Ends, origin: Ints, destination: Ints) -> Floats:
        """float64[e] seconds: the cells (origin, destination) int64[e] of that table."""
        ...

    def path(self, exits: Ends, entries: Ends) -> list[int]:
        """The arcs between the end nodes of one origin and one destination (n = m = 1), on the fastest way."""
        ...


def exits_of(graph: RoadGraph, seconds: Floats, snapped: Snapped) -> Ends:
    """By which nodes each point is left: the head of its arc, after the rest of it. `seconds` float64[a]."""
    return _ends(graph.head, graph, seconds, snapped, 1.0 - snapped.share, snapped.share)


def entries_of(graph: RoadGraph, seconds: Floats, snapped: Snapped) -> Ends:
    """By which nodes each point is reached: the tail of its arc, before the first part of it. `seconds` float64[a]."""
    return _ends(graph.tail, graph, seconds, snapped, snapped.share, 1.0 - snapped.share)


def _ends(nodes: Ints, graph: RoadGraph, seconds: Floats, snapped: Snapped, along: Floats, against: Floats) -> Ends:
    arcs = graph.arcs_of_road[snapped.road]
    spent = seconds[arcs] * np.column_stack((along, against))
    return Ends(nodes[arcs].astype(np.int64), np.where(arcs < 0, np.inf, np.round(spent, 3)))


def same_road(graph: RoadGraph, seconds: Floats, origins: Snapped, destinations: Snapped) -> Floats:
    """float64[e] seconds straight along one road, row by row; infinite for different roads or the wrong way."""
    arcs = graph.arcs_of_road[origins.road]
    ahead = destinations.share - origins.share
    along = np.where((ahead >= 0) & (arcs[:, 0] >= 0), ahead * seconds[arcs[:, 0]], np.inf)
    against = np.where((ahead <= 0) & (arcs[:, 1] >= 0), -ahead * seconds[arcs[:, 1]], np.inf)
    on_one = origins.road == destinations.road
    best: Floats = np.where(on_one, np.round(np.minimum(along, against), 3), np.inf).astype(np.float64)
    return best
