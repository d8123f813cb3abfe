"""The place on a road that is nearest to a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from shared.kernel.positions import EARTH_RADIUS_M
from shared.routing.haversine import unit_vectors
from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import RoadGraph

SPACING_M = 25.0
"""The tree holds a point at least this often along every road."""

NEIGHBOURS = 8
"""Points of the tree whose segments are measured exactly."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """Points on roads. `road` int64[n]; `share` float64[n] of the road's length, 0 at the start of its shape;
    `away_m` float64[n] metres from the point asked for."""

    road: Ints
    share: Floats
    away_m: Floats

    def __getitem__(self, rows: Ints) -> Snapped:
        return Snapped(self.road[rows], self.share[rows], self.away_m[rows])


class Snapper:
    """A search tree over the segments of all roads, measured by chords in space, so that it holds everywhere on Earth."""

    def __init__(self, graph: RoadGraph) -> None:
        points = unit_vectors(graph.shape) * EARTH_RADIUS_M
        start = np.delete(np.arange(len(points)), graph.first[1:] - 1)
        self._start, self._along = points[start], points[start + 1] - points[start]
        self._road = np.repeat(np.arange(len(graph.kind)), np.diff(graph.first) - 1)
        self._length = np.linalg.norm(self._along, axis=1)
        total = np.bincount(self._road, self._length)
        before = np.cumsum(self._length) - self._length
        self._before = before - before[np.searchsorted(self._road, self._road)]
        self._total = np.maximum(total, 1e-9)
        count = np.maximum(np.ceil(self._length / SPACING_M), 1).astype(np.int64)
        self._segment = np.repeat(np.arange(len(count)), count)
        nth = np.arange(len(self._segment)) - np.repeat(np.cumsum(count) - count, count)
        share = (nth + 0.5) / count[self._segment]
        self._tree = cKDTree(self._start[self._segment] + share[:, None] * self._along[self._segment])

    def snap(self, points: Floats) -> Snapped:
        """The nearest places on roads of points float64[n, 2], (lat, lng) in degrees."""
        if len(points) == 0:
            return Snapped(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        wanted = unit_vectors(points) * EARTH_RADIUS_M
        count = min(NEIGHBOURS, self._tree.n)
        _, near = self._tree.query(wanted, k=np.arange(1, count + 1))
        segment = self._segment[near]
        start, along = self._start[segment], self._along[segment]
        squared = np.maximum(self._length[segment] ** 2, 1e-12)
        share = np.clip(np.einsum("nki,nki->nk", wanted[:, None] - start, along) / squared, 0.0, 1.0)
        away = np.linalg.norm(start + share[..., None] * along - wanted[:, None], axis=2)
        row, best = np.arange(len(points)), np.argmin(away, axis=1)
        chosen = segment[row, best]
        road = self._road[chosen]
        metres = self._before[chosen] + share[row, best] * self._length[chosen]
        return Snapped(road, np.clip(metres / self._total[road], 0.0, 1.0), away[row, best])
