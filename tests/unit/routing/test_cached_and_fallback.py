import threading
from dataclasses import dataclass, field

import numpy as np
import pytest

from shared.dispatch.engine import Parameters
from shared.dispatch.engine.roads import measure
from shared.routing.cached import CachedRouter, Keeping
from shared.routing.fallback import FallbackRouter, Recording
from shared.routing.haversine import HaversineRouter
from shared.routing.protocol import Answer, Floats, Ints, Route, RouterUnavailable
from tests.fixtures.routing import pairs
from tests.unit.dispatch.problems import drivers, jobs, problem

HERE = np.array((32.8, -96.8))


@dataclass
class Counted:
    """Great circles under another name, that count what they are asked and can be taken ill."""

    called: str = "osrm"
    ill: bool = False
    asked: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.called

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        self._well(origins.shape[0] * destinations.shape[0])
        return HaversineRouter().times(origins, destinations)

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        return self.answer(origins, destinations, origin, destination).seconds

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        self._well(len(origin))
        return Answer(HaversineRouter().edge_times(origins, destinations, origin, destination), self.name)

    def route(self, points: Floats) -> Route:
        self._well(1)
        return HaversineRouter().route(points)

    def _well(self, count: int) -> None:
        if self.ill:
            raise RouterUnavailable("ill")
        self.asked.append(count)


def far(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    origins = HERE + random.normal(0, 0.01, (count, 2))
    return origins, HERE + 0.1 + random.normal(0, 0.01, (count, 2))


def test_what_was_asked_once_is_not_asked_again() -> None:
    inner = Counted()
    cached = CachedRouter(inner, "v1")
    origins, destinations = far(30)
    first = cached.times(origins, destinations)
    asked = sum(inner.asked)
    assert np.array_equal(cached.times(origins, destinations), first)
    assert sum(inner.asked) == asked <= 900
    assert cached.hits == cached.misses == asked


def test_points_of_one_cell_share_a_time_near_the_true_one() -> None:
    cached = CachedRouter(Counted(), "v1")
    origins, destinations = far(200)
    exact = pairs(HaversineRouter(), origins, destinations)
    assert pairs(cached, origins, destinations) == pytest.approx(exact, rel=0.05)


def test_short_ways_are_always_asked_for() -> None:
    inner = Counted()
    cached = CachedRouter(inner, "v1")
    near = HERE + np.array(((0.0, 0.0), (0.002, 0.0)))
    for _ in range(3):
        assert pairs(cached, near[:1], near[1:]) == pytest.approx(pairs(HaversineRouter(), near[:1], near[1:]))
    assert inner.asked == [1, 1, 1]


def test_a_time_is_believed_for_its_time_to_live() -> None:
    inner, now = Counted(), [0.0]
    cached = CachedRouter(inner, "v1", keeping=Keeping(ttl_s=60.0), clock=lambda: now[0])
    points = far(1)
    for at, asked in ((0.0, 1), (59.0, 1), (61.0, 2), (100.0, 2)):
        now[0] = at
        pairs(cached, *points)
        assert len(inner.asked) == asked


def test_the_least_lately_used_pair_leaves_first() -> None:
    inner = Counted()
    cached = CachedRouter(inner, "v1", keeping=Keeping(size=2))
    journeys = [(HERE[None] + (0.02 * number, 0.0), HERE[None] + 0.3) for number in range(3)]
    for number in (0, 1, 0, 2, 0):
        pairs(cached, *journeys[number])
    assert len(inner.asked) == 3
    pairs(cached, *journeys[1])
    assert len(inner.asked) == 4


def test_another_part_of_the_day_is_asked_for_anew() -> None:
    inner, bucket = Counted(), ["day"]
    cached = CachedRouter(inner, "v1", bucket=lambda: bucket[0])
    for bucket[0] in ("day", "peak", "day"):
        pairs(cached, *far(1))
    assert len(inner.asked) == 2


def test_the_name_of_who_found_a_time_is_kept_with_it() -> None:
    inner = Counted(called="osrm+haversine")
    cached = CachedRouter(inner, "v1")
    rows = np.arange(3)
    for _ in range(2):
        assert cached.answer(*far(3), rows, rows).router == "osrm+haversine"


def test_threads_share_a_cache() -> None:
    cached = CachedRouter(Counted(), "v1", keeping=Keeping(size=50))
    wrong: list[object] = []

    def ask(seed: int) -> None:
        origins, destinations = far(40, seed)
        if not np.allclose(
            cached.times(origins, destinations), HaversineRouter().times(origins, destinations), rtol=0.1
        ):
            wrong.append(seed)

    threads = [threading.Thread(target=ask, args=(seed % 2,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_cache_that_keeps_nothing_is_refused() -> None:
    for keeping in ({"size": 0}, {"ttl_s": 0}, {"near_m": -1}):
        with pytest.raises(ValueError):
            Keeping(**keeping)  # type: ignore[arg-type]


def test_the_chain_goes_on_where_a_router_cannot_answer_and_says_who_did() -> None:
    osrm, graph = Counted(called="osrm", ill=True), Counted(called="graph")
    chain = FallbackRouter([osrm, graph, HaversineRouter()])
    rows = np.arange(2)
    assert chain.answer(*far(2), rows, rows).router == "graph"
    graph.ill = True
    assert chain.answer(*far(2), rows, rows).router == "haversine"
    assert chain.times(*far(2)).shape == (2, 2)
    assert chain.route(far(2)[0]).duration_s > 0
    osrm.ill = False
    assert chain.answer(*far(2), rows, rows).router == "osrm"
    assert chain.name == "osrm"


def test_a_chain_without_an_end_says_what_each_router_said() -> None:
    with pytest.raises(RouterUnavailable, match="one: ill; two: ill"):
        pairs(FallbackRouter([Counted(called="one", ill=True), Counted(called="two", ill=True)]), *far(1))
    with pytest.raises(ValueError, match="at least one"):
        FallbackRouter([])


def test_a_bad_question_is_not_passed_on() -> None:
    with pytest.raises(ValueError, match="two points"):
        FallbackRouter([HaversineRouter(), HaversineRouter()]).route(far(1)[0])


def test_a_recording_names_who_answered_a_tick() -> None:
    recording = Recording(FallbackRouter([Counted(ill=True), HaversineRouter()]))
    assert recording.router == "osrm", "nobody was asked yet"
    measure(problem(jobs(5), drivers(9)), recording, Parameters(), "unknown")
    assert recording.router == "haversine"
