"""The router on a road network of our own."""

from __future__ import annotations

import logging
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from shared.routing.haversine import HaversineRouter
from shared.routing.navigation.instructions import steps_of
from shared.routing.navigation.trip import Trip, along_one_road, line_of, metres_of, over_arcs, over_nodes, seconds_of
from shared.routing.protocol import Answer, Floats, Ints, Route, Step
from shared.routing.roads.network import Mask, RoadGraph
from shared.routing.roads.speeds import BUCKETS
from shared.routing.search.contraction import Contraction, Hierarchy
from shared.routing.search.dijkstra import Dijkstra
from shared.routing.search.ends import Ends, Search, entries_of, exits_of, same_road
from shared.routing.search.snapping import Snapped, Snapper
from shared.routing.search.turns import Turns

log = logging.getLogger(__name__)

NEAR_M = 1_000.0
"""A point further than this from every road is measured by the crow."""


class Network:
    """What routers of all times of day share: the graph, its contraction, its tree of places and its turns."""

    def __init__(self, graph: RoadGraph, contracted: bool = True) -> None:
        """`contracted`: by contraction where its wheel is installed; else by Dijkstra's search."""
        self.graph = graph
        self.snapper = Snapper(graph)
        self.hierarchy: Hierarchy | None = None
        if contracted:
            try:
                self.hierarchy = Hierarchy(graph)
            except ImportError:
                log.warning("routingkit-cch is not installed: travel times are found by a slower search")

    @cached_property
    def turns(self) -> Turns:
        return Turns(self.graph)

    def search(self, seconds: Floats) -> Search:
        """The search with those weights, float64[a]."""
        return Contraction(self.hierarchy, seconds) if self.hierarchy else Dijkstra(self.graph, seconds)


class GraphRouter:
    """Times over nodes, without turn restrictions; routes with them.

    A point further than `near_m` from every road is answered by great circles: the answer then also names "haversine".
    """

    def __init__(self, network: Network, bucket: int = BUCKETS.index("day"), near_m: float = NEAR_M) -> None:
        """`bucket`: the row of the graph's seconds, see `speeds.bucket_at`."""
        self.network, self.bucket, self.near_m = network, bucket, near_m
        self._graph = network.graph
        self._seconds: Floats = network.graph.seconds[bucket]
        self._search = network.search(self._seconds)
        law = network.graph.law(bucket)
        self._straight = HaversineRouter(law) if law else HaversineRouter()

    @property
    def name(self) -> str:
        return "graph"

    def at(self, bucket: int) -> GraphRouter:
        """The router of another time of day on the same network."""
        return GraphRouter(self.network, bucket, self.near_m)

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        starts, ends = self.network.snapper.snap(origins), self.network.snapper.snap(destinations)
        seconds = self._search.table(*self._ends(starts, ends))
        rows, columns = np.nonzero(starts.road[:, None] == ends.road)
        direct = same_road(self._graph, self._seconds, starts[rows], ends[columns])
        seconds[rows, columns] = np.minimum(seconds[rows, columns], direct)
        far = self._far(starts)[:, None] | self._far(ends)
        if far.any():
            seconds[far] = self._straight.times(origins, destinations)[far]
        return seconds

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        return self.answer(origins, destinations, origin, destination).seconds

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        starts, ends = self.network.snapper.snap(origins), self.network.snapper.snap(destinations)
        far = self._far(starts)[origin] | self._far(ends)[destination]
        near = np.flatnonzero(~far)
        seconds = np.empty(len(origin))
        found = self._search.cells(*self._ends(starts, ends), origin[near], destination[near])
        direct = same_road(self._graph, self._seconds, starts[origin[near]], ends[destination[near]])
        seconds[near] = np.minimum(found, direct)
        if not far.any():
            return Answer(seconds, self.name)
        seconds[far] = self._straight.edge_times(origins, destinations, origin[far], destination[far])
        return Answer(seconds, f"{self.name}+{self._straight.name}")

    def route(self, points: Floats) -> Route:
        if len(points) < 2:
            raise ValueError("a route needs at least two points")
        snapped = self.network.snapper.snap(points)
        far = self._far(snapped)
        legs = []
        for stop in range(1, len(points)):
            arrival = "Arrive at your destination" if stop == len(points) - 1 else f"Arrive at stop {stop}"
            if far[stop - 1] or far[stop]:
                legs.append(self._straight.route(points[stop - 1 : stop + 1]))
            else:
                pair = snapped[np.array((stop - 1,))], snapped[np.array((stop,))]
                legs.append(self._leg(self.trip(*pair), arrival))
        return joined(legs)

    def trip(self, start: Snapped, end: Snapped) -> Trip:
        """The fastest allowed way between two places on roads, of one row each.

        Where restrictions leave no way at all, which only an error in the map does, they are ignored.
        """
        exits, entries = self._ends(start, end)
        seconds = self._seconds
        path = self._search.path(exits, entries)
        trip = over_nodes(self._graph, path, exits, entries, start, end)
        spent = sum(seconds_of(seconds, part) for part in trip)
        direct = float(same_road(self._graph, seconds, start, end)[0])
        arcs = [part.arc for part in trip]
        if direct > spent and not self.network.turns.keeps(arcs):
            allowed = self._allowed(start, end, exits, entries, spent)
            if allowed is not None:
                trip = over_arcs(self._graph, allowed, float(start.share[0]), float(end.share[0]))
                spent = sum(seconds_of(seconds, part) for part in trip)
        return along_one_road(self._graph, seconds, start, end) if direct <= spent else trip

    def _allowed(self, start: Snapped, end: Snapped, exits: Ends, entries: Ends, spent: float) -> list[int] | None:
        opened, closing = self._graph.arcs_of_road[start.road[0]], self._graph.arcs_of_road[end.road[0]]
        starts = [(int(arc), float(s)) for arc, s in zip(opened, exits.seconds[0], strict=True) if arc >= 0]
        ends = [(int(arc), float(s)) for arc, s in zip(closing, entries.seconds[0], strict=True) if arc >= 0]
        return self.network.turns.path(self._turns, starts, ends, 1.5 * spent + 120.0)

    def _leg(self, trip: Trip, arrival: str) -> Route:
        lines = [line_of(self._graph, part) for part in trip]
        points = np.vstack([lines[0], *(line[1:] for line in lines[1:])])
        return Route(
            geometry=[(lat, lng) for lat, lng in points.tolist()],
            distance_m=sum(metres_of(self._graph, part) for part in trip),
            duration_s=sum(seconds_of(self._seconds, part) for part in trip),
            steps=steps_of(self._graph, self._seconds, trip, arrival),
        )

    @cached_property
    def _turns(self) -> csr_matrix:
        return self.network.turns.weighted(self._seconds)

    def _ends(self, starts: Snapped, ends: Snapped) -> tuple[Ends, Ends]:
        return exits_of(self._graph, self._seconds, starts), entries_of(self._graph, self._seconds, ends)

    def _far(self, snapped: Snapped) -> Mask:
        far: Mask = snapped.away_m > self.near_m
        return far


def joined(legs: list[Route]) -> Route:
    """Legs one after the other as one route."""
    geometry = legs[0].geometry[:1]
    steps: list[Step] = []
    for leg in legs:
        geometry += leg.geometry[1:] if leg.geometry[0] == geometry[-1] else leg.geometry
        steps += leg.steps
    return Route(geometry, sum(leg.distance_m for leg in legs), sum(leg.duration_s for leg in legs), steps)
