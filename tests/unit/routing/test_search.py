"""Both searches are held against each other, and the routes against a search that is written down in ten lines."""

from heapq import heappop, heappush

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter, distances_m
from shared.routing.protocol import Floats
from shared.routing.roads import RoadGraph
from shared.routing.roads.assembly import Roads, assemble
from shared.routing.search.contraction import wheel
from shared.routing.search.snapping import Snapper
from tests.fixtures.routing import pairs
from tests.unit.routing.networks import CITIES, HUNDRED_M, city, grid, grids, scattered

needs_wheel = pytest.mark.skipif(wheel() is None, reason="routingkit-cch is not installed")


def both(graph: RoadGraph) -> tuple[GraphRouter, GraphRouter]:
    return GraphRouter(Network(graph)), GraphRouter(Network(graph, contracted=False))


def agree(graph: RoadGraph, seed: int, count: int = 25) -> None:
    contracted, searched = both(graph)
    origins, destinations = scattered(graph, count, seed), scattered(graph, count, seed + 1)
    table = searched.times(origins, destinations)
    assert contracted.times(origins, destinations) == pytest.approx(table, abs=2e-3)
    random = np.random.default_rng(seed)
    origin, destination = random.integers(0, count, (2, 4 * count))
    for router in (contracted, searched):
        cells = router.edge_times(origins, destinations, origin, destination)
        assert cells == pytest.approx(table[origin, destination], abs=2e-3)


@needs_wheel
@settings(max_examples=40, deadline=None)
@given(graph=grids(), seed=st.integers(0, 1_000))
def test_contraction_finds_dijkstras_times_on_any_grid(graph: RoadGraph, seed: int) -> None:
    agree(graph, seed, 8)


@needs_wheel
@pytest.mark.parametrize("name", CITIES)
def test_contraction_finds_dijkstras_times_in_a_real_city(name: str) -> None:
    agree(city(name), seed=3)


@needs_wheel
@pytest.mark.parametrize("name", CITIES)
def test_both_searches_find_routes_of_one_duration_and_no_shorter_than_the_table(name: str) -> None:
    graph = city(name)
    contracted, searched = both(graph)
    points = scattered(graph, 40, seed=5)
    for start, end in zip(points[:20], points[20:], strict=True):
        ends = np.array((start, end))
        route = contracted.route(ends)
        assert route.duration_s == pytest.approx(searched.route(ends).duration_s, abs=5e-3)
        assert route.duration_s >= contracted.times(ends[:1], ends[1:])[0, 0] - 5e-3


def fewest_seconds(graph: RoadGraph, seconds: Floats, start: int, end: int) -> float:
    """From the beginning of one arc to the end of another, keeping restrictions and turning back at dead ends only."""
    banned = {tuple(arc for arc in row if arc >= 0) for row in graph.forbidden.tolist()}
    memory = max((len(row) for row in banned), default=2) - 1
    queue, seen = [(float(seconds[start]), (start,))], set[tuple[int, ...]]()
    while queue:
        spent, arcs = heappop(queue)
        if arcs[-1] == end:
            return spent
        if arcs in seen:
            continue
        seen.add(arcs)
        onward = graph.out_of(int(graph.head[arcs[-1]])).tolist()
        for following in onward:
            driven = (*arcs, following)
            back = following == graph.reverse[arcs[-1]] and len(onward) > 1
            if not back and not any(driven[at:] in banned for at in range(len(arcs))):
                heappush(queue, (spent + float(seconds[following]), driven[-memory:]))
    return float("inf")


def road_ends(graph: RoadGraph, arc: int) -> Floats:
    """A point early on an arc, and one late."""
    points = graph.path_points(arc)
    return points[0] + np.array((0.02, 0.98))[:, None] * (points[-1] - points[0])


@settings(max_examples=60, deadline=None)
@given(graph=grids(bans=12), seed=st.integers(0, 1_000))
def test_a_route_keeps_turn_restrictions_and_none_that_does_is_faster(graph: RoadGraph, seed: int) -> None:
    router = GraphRouter(Network(graph))
    random = np.random.default_rng(seed)
    first, last = random.choice(len(graph.tail), 2, replace=False).tolist()
    if graph.road[first] == graph.road[last]:
        return
    start, end = road_ends(graph, first)[0], road_ends(graph, last)[1]
    route = router.route(np.array((start, end)))
    seconds = graph.seconds[router.bucket]
    turned = graph.reverse[[first, last]].tolist()
    best = np.inf
    for leaving, left in ((first, 0.02), (turned[0], 0.98)):
        for reaching, rest in ((last, 0.02), (turned[1], 0.98)):
            if leaving >= 0 and reaching >= 0:
                spent = fewest_seconds(graph, seconds, leaving, reaching)
                best = min(best, spent - left * seconds[leaving] - rest * seconds[reaching])
    if np.isfinite(best):
        assert route.duration_s == pytest.approx(best, abs=0.02)


def test_of_two_roads_between_the_same_corners_the_faster_one_counts() -> None:
    roads = Roads()
    shape = np.array(((0.0, 0.0), (0.0, HUNDRED_M)))
    for kmh in (10.0, 50.0, 30.0):
        roads.add((1, 2), int(kmh), "residential", "", (kmh, kmh), shape)
    graph = assemble(roads, "", True)
    assert graph is not None
    # Three roads on one line: where a point is put is not said, but between the corners only the fastest counts.
    for router in both(graph):
        assert router.times(shape[:1], shape[1:])[0, 0] <= 100 / (10 / 3.6) * 1.05 + 0.1
        found = router._search.table(
            *router._ends(router.network.snapper.snap(shape[:1]), router.network.snapper.snap(shape[1:]))
        )
        assert found[0, 0] == pytest.approx(100 / (50 / 3.6) * 1.05, rel=0.01)


def test_a_point_is_put_on_the_nearest_road() -> None:
    graph = city("portland")
    points = scattered(graph, 60, seed=2, off_deg=1e-3)
    snapped = Snapper(graph).snap(points)
    starts = np.delete(np.arange(len(graph.shape)), graph.first[1:] - 1)
    a, b = graph.shape[starts], graph.shape[starts + 1]
    scale = np.array((1.0, np.cos(np.radians(graph.lat.mean()))))
    for point, away in zip(points, snapped.away_m, strict=True):
        along = (b - a) * scale
        share = np.einsum("ij,ij->i", (point - a) * scale, along) / np.maximum(
            np.einsum("ij,ij->i", along, along), 1e-18
        )
        nearest = a + np.clip(share, 0, 1)[:, None] * (b - a)
        assert away == pytest.approx(distances_m(nearest, point).min(), rel=0.02, abs=0.5)


def test_a_place_along_a_road_takes_its_share_of_the_time() -> None:
    graph = grid(2)
    router = GraphRouter(Network(graph))
    road = graph.points(0)
    places = road[0] + np.array((0.25, 0.75))[:, None] * (road[1] - road[0])
    along, against = graph.seconds[router.bucket][graph.arcs_of_road[0]]
    assert pairs(router, places[:1], places[1:])[0] <= along / 2 + 1e-2
    assert pairs(router, places, places) == pytest.approx([0.0, 0.0])
    assert pairs(router, places[1:], places[:1])[0] <= against / 2 + 1e-2


def test_a_point_far_from_every_road_is_measured_by_the_crow_and_that_is_recorded() -> None:
    router = GraphRouter(Network(grid(5)))
    origins = np.array(((0.0, 0.0), (0.5, 0.5)))
    destinations = np.array(((0.002, 0.002), (0.0, 0.001)))
    rows = np.array((0, 1))
    answer = router.answer(origins, destinations, rows, rows)
    assert answer.router == "graph+haversine"
    assert answer.seconds[1] == pytest.approx(pairs(HaversineRouter(), origins[1:], destinations[1:])[0])
    assert router.answer(origins, destinations, rows[:1], rows[:1]).router == "graph"
    assert router.times(origins, destinations)[1] == pytest.approx(HaversineRouter().times(origins, destinations)[1])
    assert router.route(np.vstack((origins[1], destinations[1]))).steps[0].instruction.startswith("Head ")


def test_the_peak_takes_longer_than_the_night() -> None:
    router = GraphRouter(Network(grid(5)))
    ends = np.array(((0.0, 0.0),)), np.array(((0.003, 0.003),))
    night, peak = (pairs(router.at(bucket), *ends)[0] for bucket in (0, 2))
    assert peak == pytest.approx(night * 1.10, rel=1e-3)
