"""A trip over the network: whole arcs, and parts of the first and the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.routing.haversine import distances_m
from shared.routing.protocol import Floats
from shared.routing.roads.network import RoadGraph
from shared.routing.search.ends import Ends
from shared.routing.search.snapping import Snapped


@dataclass(frozen=True, slots=True)
class Pass:
    """An arc driven from one share of its length to another, in the direction of travel."""

    arc: int
    start: float
    end: float


Trip = list[Pass]


def along_one_road(graph: RoadGraph, seconds: Floats, start: Snapped, end: Snapped) -> Trip:
    """The faster of the two directions between two places on one road; `start` and `end` of one row each."""
    along, against = graph.arcs_of_road[start.road[0]].tolist()
    a, b = float(start.share[0]), float(end.share[0])
    forward = along >= 0 and b >= a
    backward = against >= 0 and b <= a
    if forward and not (backward and seconds[against] < seconds[along]):
        return [Pass(along, a, b)]
    return [Pass(against, 1.0 - a, 1.0 - b)]


def over_nodes(graph: RoadGraph, path: list[int], exits: Ends, entries: Ends, start: Snapped, end: Snapped) -> Trip:
    """From a place on a road over the arcs of a path to another place; all of one row each."""
    if path:
        first, last = int(graph.tail[path[0]]), int(graph.head[path[-1]])
    else:
        whole = exits.seconds[0][:, None] + entries.seconds[0]
        whole = np.where(exits.node[0][:, None] == entries.node[0], whole, np.inf)
        first = last = int(exits.node[0][np.argmin(whole) // 2])
    leaving = int(np.argmin(np.where(exits.node[0] == first, exits.seconds[0], np.inf)))
    reaching = int(np.argmin(np.where(entries.node[0] == last, entries.seconds[0], np.inf)))
    return over_arcs(
        graph,
        [_arc(graph, start, leaving), *path, _arc(graph, end, reaching)],
        float(start.share[0]),
        float(end.share[0]),
    )


def over_arcs(graph: RoadGraph, arcs: list[int], start: float, end: float) -> Trip:
    """Two or more arcs in a row, from and to shares of the first and last road's shape."""
    first, last = arcs[0], arcs[-1]
    return [
        Pass(first, 1.0 - start if graph.backward[first] else start, 1.0),
        *(Pass(arc, 0.0, 1.0) for arc in arcs[1:-1]),
        Pass(last, 0.0, 1.0 - end if graph.backward[last] else end),
    ]


def _arc(graph: RoadGraph, snapped: Snapped, direction: int) -> int:
    return int(graph.arcs_of_road[snapped.road[0], direction])


def metres_of(graph: RoadGraph, part: Pass) -> float:
    return float(graph.length_m[part.arc]) * (part.end - part.start)


def seconds_of(seconds: Floats, part: Pass) -> float:
    """`seconds` float64[a]."""
    return float(seconds[part.arc]) * (part.end - part.start)


def line_of(graph: RoadGraph, part: Pass) -> Floats:
    """float64[k ≥ 2, 2]: the part's points, (lat, lng), cut at its two shares."""
    points = graph.path_points(part.arc)
    if part.start <= 0.0 and part.end >= 1.0:
        return points
    at = np.append(0.0, np.cumsum(distances_m(points[:-1], points[1:])))
    cuts = np.array((part.start, part.end)) * at[-1]
    ends = np.column_stack([np.interp(cuts, at, points[:, axis]) for axis in range(2)])
    inner = points[(at > cuts[0]) & (at < cuts[1])]
    return np.vstack((ends[:1], inner, ends[1:]))
