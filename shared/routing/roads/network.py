"""The road network that searches run on: nodes, one-way arcs between them, and the roads whose shape arcs follow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shared.routing.geo import PowerLaw
from shared.routing.protocol import Floats

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

Progress = Callable[[str, int, int | None], None]
"""Told the stage, how much of it is done, and of how much (None while nobody knows)."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress for whoever does not watch."""


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """A strongly connected network: from every node a way leads to every other.

    Nodes, n: `lat`, `lng` float64[n] in degrees; `order` int32[n], nodes in the order of contraction.
    Arcs, a, one per allowed direction of a road: `tail`, `head` int32[a] nodes; `road` int32[a]; `backward` bool[a], True
    against the road's shape; `length_m` float64[a]; `seconds` float64[b, a], one row per bucket of the day, whole
    milliseconds and at least one. Roads, r: `kind` uint8[r] into `speeds.KINDS`; `name` int32[r] into `names`, 0 unnamed;
    `roundabout` bool[r]; `first` int32[r + 1], where its points begin in `shape` float64[p, 2], (lat, lng) in degrees.
    Turns: `forbidden` int32[f, k], arcs that may not be driven in a row, short rows filled up with -1. Fit: `laws`
    float64[b, 2], a and b of the power law between crow-fly metres and seconds of each bucket; no rows before it is fitted.
    `generated`: no real place. `attribution`: to be shown wherever the network is drawn.
    """

    lat: Floats
    lng: Floats
    order: Int32s
    tail: Int32s
    head: Int32s
    road: Int32s
    backward: Mask
    length_m: Floats
    seconds: Floats
    kind: Bytes
    name: Int32s
    roundabout: Mask
    first: Int32s
    shape: Floats
    forbidden: Int32s
    laws: Floats
    names: tuple[str, ...]
    attribution: str
    generated: bool

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of what the network holds: other content, other version."""
        digest = hashlib.sha256("\n".join((*self.names, self.attribution)).encode())
        for field in fields(self):
            if isinstance(value := getattr(self, field.name), np.ndarray):
                digest.update(np.ascontiguousarray(value).tobytes())
        return digest.hexdigest()[:12]

    @cached_property
    def arcs_of_road(self) -> Int32s:
        """int32[r, 2]: each road's arc along its shape and the one against it; -1 where that way is closed."""
        arcs = np.full((len(self.kind), 2), -1, dtype=np.int32)
        arcs[self.road, self.backward.astype(np.intp)] = np.arange(len(self.tail), dtype=np.int32)
        return arcs

    @cached_property
    def reverse(self) -> Int32s:
        """int32[a]: the arc of the same road the other way; -1 for a one-way road."""
        opposite: Int32s = self.arcs_of_road[self.road, 1 - self.backward.astype(np.intp)]
        return opposite

    @cached_property
    def leaving(self) -> tuple[Int32s, Int32s]:
        """Arcs by their tails: int32[n + 1], where the arcs of each node begin in int32[a] arcs."""
        counts = np.bincount(self.tail, minlength=len(self.lat))
        first = np.append(0, np.cumsum(counts)).astype(np.int32)
        return first, np.argsort(self.tail, kind="stable").astype(np.int32)

    def out_of(self, node: int) -> Int32s:
        """The arcs that leave a node."""
        first, arcs = self.leaving
        return arcs[first[node] : first[node + 1]]

    def points(self, road: int) -> Floats:
        """float64[k, 2]: the shape of a road, (lat, lng)."""
        return self.shape[self.first[road] : self.first[road + 1]]

    def path_points(self, arc: int) -> Floats:
        """float64[k, 2]: the shape of an arc in the direction of travel, (lat, lng)."""
        points = self.points(int(self.road[arc]))
        return points[::-1] if self.backward[arc] else points

    def street(self, arc: int) -> str:
        """The name of an arc's road; empty for an unnamed one."""
        return self.names[int(self.name[self.road[arc]])]

    def law(self, bucket: int) -> PowerLaw | None:
        """The city's law of travel in that bucket; None before it is fitted."""
        return PowerLaw(float(self.laws[bucket, 0]), float(self.laws[bucket, 1])) if len(self.laws) else None
