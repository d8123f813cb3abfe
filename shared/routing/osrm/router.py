"""The router of an OSRM server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from shared.routing.haversine import HaversineRouter
from shared.routing.osrm.breaker import Breaker
from shared.routing.osrm.client import Client, Refused
from shared.routing.osrm.instructions import sentence
from shared.routing.protocol import Answer, Floats, Ints, Route, RouterUnavailable, Step

Found = TypeVar("Found")

COORDINATE = re.compile(r"coordinate\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Limits:
    """max_table: coordinates in one request, OSRM's `--max-table-size`. near_m: a point further than this from every
    road is not moved to one, but measured by the crow. timeout_s: for connecting and for each wait."""

    max_table: int = 100
    near_m: float = 1_000.0
    timeout_s: float = 2.0

    def __post_init__(self) -> None:
        if self.max_table < 2 or self.near_m <= 0 or self.timeout_s <= 0:
            raise ValueError("OSRM needs at least two coordinates to a table, and a distance and a time above zero")


class OsrmRouter:
    """Times and routes of a server's car profile. Raises RouterUnavailable when it does not answer or answers nonsense.

    What no road leads to, or lies beyond `near_m`, is answered by great circles: the answer then also names "haversine".
    """

    def __init__(
        self,
        url: str,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        straight: HaversineRouter | None = None,
    ) -> None:
        """Raises ValueError for what is no http or https address."""
        self._limits = limits or Limits()
        self._client = Client(url, self._limits.timeout_s, breaker or Breaker())
        self._straight = straight or HaversineRouter()

    @property
    def name(self) -> str:
        return "osrm"

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        seconds = np.full((len(origins), len(destinations)), np.nan)
        half = self._limits.max_table // 2
        rows = min(max(half, self._limits.max_table - len(destinations)), self._limits.max_table - 1)
        for top in range(0, len(origins), rows):
            part = origins[top : top + rows]
            columns = self._limits.max_table - len(part)
            for left in range(0, len(destinations), columns):
                block = destinations[left : left + columns]
                seconds[top : top + rows, left : left + columns] = self._table(part, block)
        missing = np.isnan(seconds)
        if missing.any():
            seconds[missing] = self._straight.times(origins, destinations)[missing]
        return seconds

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        return self.answer(origins, destinations, origin, destination).seconds

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        seconds = np.full(len(origin), np.nan)
        for cells in batches(origin, destination, self._limits.max_table):
            rows, row = np.unique(origin[cells], return_inverse=True)
            columns, column = np.unique(destination[cells], return_inverse=True)
            seconds[cells] = self._table(origins[rows], destinations[columns])[row, column]
        missing = np.flatnonzero(np.isnan(seconds))
        if len(missing) == 0:
            return Answer(seconds, self.name)
        seconds[missing] = self._straight.edge_times(origins, destinations, origin[missing], destination[missing])
        return Answer(seconds, f"{self.name}+{self._straight.name}")

    def route(self, points: Floats) -> Route:
        if len(points) < 2:
            raise ValueError("a route needs at least two points")
        question = "?overview=full&geometries=geojson&steps=true&radiuses=" + self._radiuses(len(points))
        try:
            answer = self._client.ask(f"/route/v1/driving/{coordinates(points)}{question}")
        except Refused as refusal:
            if refusal.code in ("NoSegment", "NoRoute"):
                return self._straight.route(points)
            raise RouterUnavailable(f"OSRM refuses a route: {refusal}") from refusal
        return sensible(lambda: _route(answer["routes"][0]))

    def _table(self, origins: Floats, destinations: Floats) -> Floats:
        """float64[n, m] seconds, nan where no road leads; n + m within the server's limit.

        A point that is too far from roads makes OSRM refuse all: it is left out, and the rest asked for again.
        """
        points = np.vstack((origins, destinations))
        seconds = np.full((len(origins), len(destinations)), np.nan)
        asked = np.arange(len(points))
        while True:
            sources, targets = asked[asked < len(origins)], asked[asked >= len(origins)]
            if len(sources) == 0 or len(targets) == 0:
                return seconds
            try:
                found = self._ask_table(points[asked], len(sources))
            except Refused as refusal:
                far = COORDINATE.search(refusal.message)
                if refusal.code != "NoSegment" or far is None or int(far[1]) >= len(asked):
                    raise RouterUnavailable(f"OSRM refuses a table: {refusal}") from refusal
                asked = np.delete(asked, int(far[1]))
                continue
            seconds[np.ix_(sources, targets - len(origins))] = found
            return seconds

    def _ask_table(self, points: Floats, sources: int) -> Floats:
        numbers = [str(number) for number in range(len(points))]
        question = (
            f"?annotations=duration&sources={';'.join(numbers[:sources])}&destinations={';'.join(numbers[sources:])}"
            f"&radiuses={self._radiuses(len(points))}"
        )
        answer = self._client.ask(f"/table/v1/driving/{coordinates(points)}{question}")
        shape = (sources, len(points) - sources)
        return sensible(lambda: _durations(answer["durations"], shape))

    def _radiuses(self, count: int) -> str:
        return ";".join([f"{self._limits.near_m:g}"] * count)


def coordinates(points: Floats) -> str:
    """Points float64[n, 2], (lat, lng), as OSRM wants them: lng,lat;lng,lat."""
    return ";".join(f"{lng:.6f},{lat:.6f}" for lat, lng in points.tolist())


def batches(origin: Ints, destination: Ints, limit: int) -> Iterator[Ints]:
    """Rows of cells int64[e] in parts that name no more than `limit` different origins and destinations together."""
    sources: set[int] = set()
    targets: set[int] = set()
    rows: list[int] = []
    order = np.argsort(destination, kind="stable")
    for row, source, target in zip(order.tolist(), origin[order].tolist(), destination[order].tolist(), strict=True):
        if rows and len(sources) + (source not in sources) + len(targets) + (target not in targets) > limit:
            yield np.array(rows)
            sources, targets, rows = set(), set(), []
        sources.add(source)
        targets.add(target)
        rows.append(row)
    if rows:
        yield np.array(rows)


def sensible(read: Callable[[], Found]) -> Found:
    """What was read from an answer. Raises RouterUnavailable for an answer that does not have OSRM's form."""
    try:
        return read()
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise RouterUnavailable(f"OSRM's answer has an unknown form: {error}") from error


def _durations(rows: Any, shape: tuple[int, int]) -> Floats:
    seconds = np.array(rows, dtype=np.float64)
    if seconds.shape != shape or np.any(seconds < 0) or np.any(np.isinf(seconds)):
        raise ValueError(f"durations {seconds.shape} instead of {shape}, or below zero")
    return seconds


def _route(found: dict[str, Any]) -> Route:
    steps = []
    for number, leg in enumerate(found["legs"], start=1):
        arrival = "Arrive at your destination" if number == len(found["legs"]) else f"Arrive at stop {number}"
        for step in leg["steps"]:
            lng, lat = step["maneuver"]["location"]
            position = (float(lat), float(lng))
            steps.append(Step(sentence(step, arrival), position, float(step["distance"]), float(step["duration"])))
    return Route(
        geometry=[(float(lat), float(lng)) for lng, lat in found["geometry"]["coordinates"]],
        distance_m=float(found["distance"]),
        duration_s=float(found["duration"]),
        steps=steps,
    )
