"""What every router promises. A new one is added to `ROUTERS` and nothing else is written."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.dispatch.engine import Parameters
from shared.dispatch.engine.roads import TravelTimes, measure
from shared.routing.cached import CachedRouter
from shared.routing.fallback import FallbackRouter, Recording
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter
from shared.routing.osrm import OsrmRouter
from shared.routing.protocol import Floats, Router, RouterUnavailable
from shared.routing.search.contraction import wheel
from tests.fixtures.routing import pairs
from tests.unit.dispatch.problems import drivers, jobs, problem
from tests.unit.routing.networks import HUNDRED_M, grid
from tests.unit.routing.osrm_stand_in import StandIn, serving

SIZE = 12
MIDDLE = (SIZE / 2 * HUNDRED_M, SIZE / 2 * HUNDRED_M)
NOWHERE = "http://127.0.0.1:9"


@cache
def contracted() -> GraphRouter:
    if wheel() is None:
        pytest.skip("routingkit-cch is not installed")
    return GraphRouter(Network(grid(SIZE, seed=4, closed=0.1)))


@cache
def searched() -> GraphRouter:
    return GraphRouter(Network(grid(SIZE, seed=4, closed=0.1), contracted=False))


def osrm(stack: ExitStack) -> OsrmRouter:
    return OsrmRouter(stack.enter_context(serving(StandIn(searched(), MIDDLE))).url)


ROUTERS: dict[str, Callable[[ExitStack], Router]] = {
    "haversine": lambda stack: HaversineRouter(),
    "graph, contracted": lambda stack: contracted(),
    "graph, searched": lambda stack: searched(),
    "osrm": osrm,
    "cached": lambda stack: CachedRouter(searched(), "v1"),
    "cached osrm": lambda stack: CachedRouter(osrm(stack), "v1"),
    "fallback, well": lambda stack: FallbackRouter([osrm(stack), searched(), HaversineRouter()]),
    "fallback, ill": lambda stack: FallbackRouter([OsrmRouter(NOWHERE), searched(), HaversineRouter()]),
}


@pytest.fixture(scope="module", params=ROUTERS)
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with ExitStack() as stack:
        yield ROUTERS[request.param](stack)


def places(count: int, seed: int = 1) -> Floats:
    spots: Floats = np.random.default_rng(seed).uniform(0, (SIZE - 1) * HUNDRED_M, (count, 2))
    return spots


points = st.integers(0, 10_000).map(lambda seed: places(1 + seed % 5, seed))
some = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(origins=points, destinations=points)
def test_times_are_a_table_of_finite_seconds_not_below_zero(
    router: Router, origins: Floats, destinations: Floats
) -> None:
    seconds = router.times(origins, destinations)
    assert seconds.shape == (len(origins), len(destinations))
    assert seconds.dtype == np.float64
    assert np.isfinite(seconds).all()
    assert (seconds >= 0).all()


@some
@given(origins=points, destinations=points, seed=st.integers(0, 100))
def test_cells_are_those_of_the_table(router: Router, origins: Floats, destinations: Floats, seed: int) -> None:
    random = np.random.default_rng(seed)
    origin = random.integers(0, len(origins), 12)
    destination = np.sort(random.integers(0, len(destinations), 12))
    cells = router.edge_times(origins, destinations, origin, destination)
    assert cells == pytest.approx(router.times(origins, destinations)[origin, destination], abs=0.11)


def test_nothing_asked_is_nothing_answered(router: Router) -> None:
    none, rows, some_places = np.empty((0, 2)), np.empty(0, dtype=np.int64), places(3)
    assert router.times(none, some_places).shape == (0, 3)
    assert router.times(some_places, none).shape == (3, 0)
    assert router.edge_times(some_places, some_places, rows, rows).shape == (0,)
    assert router.edge_times(none, none, rows, rows).shape == (0,)


def test_a_place_is_no_time_from_itself(router: Router) -> None:
    assert pairs(router, places(5), places(5)) == pytest.approx(np.zeros(5), abs=0.01)


def test_the_same_question_has_the_same_answer(router: Router) -> None:
    assert np.array_equal(router.times(places(6), places(7, 2)), router.times(places(6), places(7, 2)))


def test_rows_do_not_depend_on_their_order(router: Router) -> None:
    origins, destinations = places(6), places(7, 2)
    turned = router.times(origins[::-1], destinations[::-1])[::-1, ::-1]
    assert turned == pytest.approx(router.times(origins, destinations), abs=1e-6)


def test_an_answer_names_who_found_it(router: Router) -> None:
    rows = np.arange(4)
    answer = router.answer(places(4), places(4, 2), rows, rows)
    assert set(answer.router.split("+")) <= {"osrm", "graph", "haversine"}
    assert answer.seconds == pytest.approx(router.edge_times(places(4), places(4, 2), rows, rows))
    assert router.name in ("osrm", "graph", "haversine")


@pytest.mark.parametrize("count", [2, 3, 6])
def test_a_route_goes_through_all_places_in_order(router: Router, count: int) -> None:
    stops = places(count)
    route = router.route(stops)
    line = np.array(route.geometry)
    assert np.abs(line[0] - stops[0]).max() < HUNDRED_M
    assert np.abs(line[-1] - stops[-1]).max() < HUNDRED_M
    passed = [int(np.abs(line - stop).sum(axis=1).argmin()) for stop in stops]
    assert len(line) >= count
    assert all(np.abs(line[at] - stop).max() < HUNDRED_M for at, stop in zip(passed, stops, strict=True))


def test_the_steps_of_a_route_add_up(router: Router) -> None:
    route = router.route(places(3))
    assert sum(step.distance_m for step in route.steps) == pytest.approx(route.distance_m, rel=1e-6)
    assert sum(step.duration_s for step in route.steps) == pytest.approx(route.duration_s, rel=1e-6)
    assert all(step.instruction and step.instruction[0].isupper() for step in route.steps)
    assert all(len(step.position) == 2 and abs(step.position[0]) < 1 for step in route.steps)


def test_a_route_takes_the_time_that_the_table_says(router: Router) -> None:
    stops = places(2, 5)
    assert router.route(stops).duration_s == pytest.approx(pairs(router, stops[:1], stops[1:])[0], abs=0.15)


@pytest.mark.parametrize("count", [0, 1])
def test_a_route_of_fewer_than_two_places_is_refused(router: Router, count: int) -> None:
    with pytest.raises(ValueError, match="two points"):
        router.route(places(count))


def test_a_place_far_from_every_road_still_has_a_time(router: Router) -> None:
    far = np.array(((30.0, 40.0),))
    assert np.isfinite(router.times(places(2), far)).all()
    assert (router.times(far, places(2)) > 0).all()


def test_dispatch_measures_with_it_and_can_name_it(router: Router) -> None:
    spots = places(12)
    someone = drivers(8, lat=spots[:8, 0], lng=spots[:8, 1])
    somewhere = jobs(
        4, pickup_lat=spots[8:, 0], pickup_lng=spots[8:, 1], dropoff_lat=spots[:4, 0], dropoff_lng=spots[:4, 1]
    )
    recording = Recording(router)
    source: TravelTimes = recording
    measured = measure(problem(somewhere, someone), source, Parameters(), "to be named")
    assert measured.roads is not None
    assert np.isfinite(measured.roads.approach_s).all()
    assert recording.router in ("osrm", "graph", "haversine")


def test_a_router_that_cannot_answer_says_so_in_one_way() -> None:
    down = OsrmRouter(NOWHERE)
    rows = np.arange(1)
    for ask in (
        lambda: down.times(places(1), places(1)),
        lambda: down.edge_times(places(1), places(1), rows, rows),
        lambda: down.answer(places(1), places(1), rows, rows),
        lambda: down.route(places(2)),
    ):
        with pytest.raises(RouterUnavailable):
            ask()
