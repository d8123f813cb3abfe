"""A router that remembers: for one that is asked over a network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import numpy as np
import numpy.typing as npt
from h3.api.basic_int import latlng_to_cell

from shared.routing.haversine import distances_m
from shared.routing.protocol import Answer, Floats, Ints, Route, Router

RESOLUTION = 9
"""H3 cells of about 0.1 km², 350 m across."""

Key = tuple[str, str, str, int, int]
"""router, version of its map, bucket of the day, cell of the origin, cell of the destination."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """size: pairs of cells kept, the least lately used leave first. ttl_s: how long a time is believed.
    near_m: pairs closer than this are always asked for, since a cell is too coarse for them."""

    size: int = 500_000
    ttl_s: float = 900.0
    near_m: float = 700.0

    def __post_init__(self) -> None:
        if self.size < 1 or self.ttl_s <= 0 or self.near_m < 0:
            raise ValueError("a cache needs a size and a time to live above zero")


class CachedRouter:
    """Times by pairs of H3 cells: the first pair of points asked for stands for its cells. Routes are not kept."""

    def __init__(
        self, router: Router, version: str, bucket: Callable[[], str] = lambda: "",
        keeping: Keeping | None = None, clock: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        """`version`: of the map behind the router. `bucket`: the part of the day that holds now."""
        self._router, self._version, self._bucket = router, version, bucket
        self._keeping, self._clock = keeping or Keeping(), clock
        self._kept: OrderedDict[Key, tuple[float, float, str]] = OrderedDict()
        self._lock = Lock()
        self.hits = self.misses = 0
        """Pairs of cells that were known, and that were not, since the start."""

    @property
    def name(self) -> str:
        return self._router.name

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        origin, destination = np.indices((len(origins), len(destinations))).reshape(2, -1)
        cells = np.argsort(destination, kind="stable")
        seconds = np.empty(len(cells))
        seconds[cells] = self.edge_times(origins, destinations, origin[cells], destination[cells])
        return seconds.reshape(len(origins), len(destinations))

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        return self.answer(origins, destinations, origin, destination).seconds

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        near = distances_m(origins[origin], destinations[destination]) < self._keeping.near_m
        far = np.flatnonzero(~near)
        keys, first, of_row = self._keys(origins, destinations, origin[far], destination[far])
        known, names = self._recall(keys)
        unknown = np.flatnonzero(np.isnan(known))
        rows = np.concatenate((np.flatnonzero(near), far[first[unknown]]))
        seconds = np.empty(len(origin))
        if len(rows):
            rows, back = np.unique(rows, return_inverse=True)
            asked = self._router.answer(origins, destinations, origin[rows], destination[rows])
            names.update(dict.fromkeys(asked.router.split("+")))
            found = asked.seconds[back]
            exact = int(np.count_nonzero(near))
            seconds[near], known[unknown] = found[:exact], found[exact:]
            self._remember([keys[at] for at in unknown], found[exact:].tolist(), asked.router)
        seconds[far] = known[of_row]
        return Answer(seconds, "+".join(names) or self.name)

    def route(self, points: Floats) -> Route:
        return self._router.route(points)

    def _keys(
        self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints
    ) -> tuple[list[Key], Ints, Ints]:
        """The different keys of rows, the first row of each, and the key of each row."""
        starts, ends = _cells(origins), _cells(destinations)
        start_cells, start = np.unique(starts, return_inverse=True)
        end_cells, end = np.unique(ends, return_inverse=True)
        code = start[origin] * max(len(end_cells), 1) + end[destination]
        _, first, of_row = np.unique(code, return_index=True, return_inverse=True)
        ways = zip(start_cells[start[origin[first]]].tolist(), end_cells[end[destination[first]]].tolist(), strict=True)
        name, bucket = self._router.name, self._bucket()
        return [(name, self._version, bucket, one, other) for one, other in ways], first, of_row

    def _recall(self, keys: list[Key]) -> tuple[Floats, dict[str, None]]:
        """float64 seconds of each key, nan where unknown or too old; and who found them."""
        seconds = np.full(len(keys), np.nan)
        names: dict[str, None] = {}
        now = self._clock()
        with self._lock:
            for row, key in enumerate(keys):
                kept = self._kept.get(key)
                if kept is not None and now - kept[1] < self._keeping.ttl_s:
                    self._kept.move_to_end(key)
                    seconds[row] = kept[0]
                    names.update(dict.fromkeys(kept[2].split("+")))
                    self.hits += 1
                else:
                    self.misses += 1
        return seconds, names

    def _remember(self, keys: list[Key], seconds: list[float], router: str) -> None:
        now = self._clock()
        with self._lock:
            for key, found in zip(keys, seconds, strict=True):
                self._kept[key] = (found, now, router)
                self._kept.move_to_end(key)
            while len(self._kept) > self._keeping.size:
                self._kept.popitem(last=False)


def _cells(points: Floats) -> npt.NDArray[np.uint64]:
    """uint64[n]: the H3 cell of each point, as a number."""
    return np.array([latlng_to_cell(lat, lng, RESOLUTION) for lat, lng in points.tolist()], dtype=np.uint64)
