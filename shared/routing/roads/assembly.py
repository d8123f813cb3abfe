"""From roads with ends, speeds and shapes to a network: the strongly connected part, times, turns and the order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from shared.routing.haversine import distances_m
from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import Int32s, Mask, RoadGraph
from shared.routing.roads.restrictions import Ban, forbidden
from shared.routing.roads.speeds import BUCKETS, KINDS, SIGNAL_S, slower
from shared.routing.search.contraction import contraction_order

SHORTEST_S = 0.001


@dataclass(slots=True)
class Roads:
    """Roads as they are read, each between two nodes with none between them. Nodes and ways have ids of any kind.

    `kmh`: along and against the shape, 0 where closed. `signals`: traffic lights passed along and against it.
    """

    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    way: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    name: list[int] = field(default_factory=list)
    roundabout: list[bool] = field(default_factory=list)
    kmh: list[tuple[float, float]] = field(default_factory=list)
    signals: list[tuple[int, int]] = field(default_factory=list)
    shape: list[Floats] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    bans: list[Ban] = field(default_factory=list)

    def add(
        self, ends: tuple[int, int], way: int, kind: str, name: str, kmh: tuple[float, float], shape: Floats,
        signals: tuple[int, int] = (0, 0), roundabout: bool = False,
    ) -> None:  # fmt: skip
        """One road; `shape` float64[k ≥ 2, 2], (lat, lng)."""
        self.start.append(ends[0])
        self.end.append(ends[1])
        self.way.append(way)
        self.kind.append(KINDS.index(kind))
        self.name.append(self.names.setdefault(name, len(self.names)))
        self.roundabout.append(roundabout)
        self.kmh.append(kmh)
        self.signals.append(signals)
        self.shape.append(shape)


def assemble(roads: Roads, attribution: str, generated: bool) -> RoadGraph | None:
    """The network of the largest strongly connected part; None where no road leads anywhere and back."""
    tail, head, road, backward = _arcs(roads)
    if len(tail) == 0:
        return None
    kept_arcs = _connected(tail, head)
    tail, head, road, backward = tail[kept_arcs], head[kept_arcs], road[kept_arcs], backward[kept_arcs]
    if len(tail) == 0:
        return None
    kept, road = np.unique(road, return_inverse=True)
    ids, ends = np.unique(np.concatenate((tail, head)), return_inverse=True)
    tail, head = ends[: len(tail)].astype(np.int32), ends[len(tail) :].astype(np.int32)
    parts = [roads.shape[at] for at in kept]
    first = np.append(0, np.cumsum([len(part) for part in parts])).astype(np.int32)
    shape = np.vstack(parts)
    node_points = np.empty((len(ids), 2))
    node_points[tail] = shape[np.where(backward, first[road + 1] - 1, first[road])]
    metres = _lengths(shape, first)[road]
    names = list(roads.names)
    return RoadGraph(
        lat=node_points[:, 0].copy(), lng=node_points[:, 1].copy(),
        order=contraction_order(node_points, tail, head),
        tail=tail, head=head, road=road.astype(np.int32), backward=backward, length_m=metres,
        seconds=_seconds(roads, kept[road], backward, metres),
        kind=np.array(roads.kind, dtype=np.uint8)[kept], name=np.array(roads.name, dtype=np.int32)[kept],
        roundabout=np.array(roads.roundabout, dtype=np.bool_)[kept], first=first, shape=shape,
        forbidden=forbidden(roads.bans, ids, np.array(roads.way)[kept][road], tail, head),
        laws=np.empty((0, 2)), names=tuple(names), attribution=attribution, generated=generated,
    )  # fmt: skip


def _arcs(roads: Roads) -> tuple[Ints, Ints, Ints, Mask]:
    """Tail and head ids, road and direction of every open direction of every road."""
    start, end = np.array(roads.start, dtype=np.int64), np.array(roads.end, dtype=np.int64)
    open_ways = np.array(roads.kmh).reshape(-1, 2) > 0
    road = np.concatenate([np.flatnonzero(open_ways[:, 0]), np.flatnonzero(open_ways[:, 1])])
    backward = np.arange(len(road)) >= np.count_nonzero(open_ways[:, 0])
    return (
        np.where(backward, end[road], start[road]),
        np.where(backward, start[road], end[road]),
        road,
        backward,
    )


def _connected(tail: Ints, head: Ints) -> Mask:
    """bool[a]: arcs within the largest strongly connected part."""
    ids, ends = np.unique(np.concatenate((tail, head)), return_inverse=True)
    tails, heads = ends[: len(tail)], ends[len(tail) :]
    matrix = csr_matrix((np.ones(len(tail), dtype=np.int8), (tails, heads)), shape=(len(ids), len(ids)))
    _, part = connected_components(matrix, directed=True, connection="strong")
    largest = np.argmax(np.bincount(part))
    within: Mask = (part[tails] == largest) & (part[heads] == largest)
    return within


def _lengths(shape: Floats, first: Int32s) -> Floats:
    """float64[r] metres of each road along its shape."""
    steps = np.append(distances_m(shape[:-1], shape[1:]), 0.0)
    steps[first[1:] - 1] = 0.0
    metres: Floats = np.add.reduceat(steps, first[:-1])
    return metres


def _seconds(roads: Roads, road: Ints, backward: Mask, metres: Floats) -> Floats:
    """float64[b, a] seconds of each arc in each bucket, whole milliseconds."""
    against = backward.astype(np.intp)
    free_s = metres / (np.array(roads.kmh)[road, against] / 3.6)
    lights_s = np.array(roads.signals, dtype=np.float64)[road, against] * SIGNAL_S
    factors = np.array([slower(kind) for kind in KINDS]).T[:, np.array(roads.kind)[road]]
    assert len(factors) == len(BUCKETS)
    seconds: Floats = np.maximum(np.round(free_s * factors + lights_s, 3), SHORTEST_S)
    return seconds
