import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.positions import Position
from shared.routing.geo import CITY, PowerLaw, haversine_m, travel_time_s
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter, distances_m, fit, heading
from tests.unit.routing.networks import grid

latitudes, longitudes = st.floats(-89, 89), st.floats(-180, 180)


@settings(deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
def test_arrays_and_plain_python_measure_alike(lat: float, lng: float, other_lat: float, other_lng: float) -> None:
    plain = haversine_m(lat, lng, other_lat, other_lng)
    assert plain == Position(lat, lng).distance_m(Position(other_lat, other_lng))
    found = distances_m(np.array((lat, lng)), np.array((other_lat, other_lng)))
    assert float(found) == pytest.approx(plain, abs=1e-3)
    one, other, row = np.array(((lat, lng),)), np.array(((other_lat, other_lng),)), np.array((0,))
    assert HaversineRouter().edge_times(one, other, row, row)[0] == pytest.approx(
        travel_time_s(plain), rel=1e-4, abs=0.1
    )


@settings(deadline=None)
@given(st.floats(0.1, 10), st.floats(0.3, 1.0))
def test_a_fit_finds_the_law_that_made_the_times(a: float, b: float) -> None:
    metres = np.geomspace(100, 20_000, 40)
    law = fit(metres, a * metres**b * (1 - 1e-9))
    assert (law.a, law.b) == (pytest.approx(a, rel=1e-6), pytest.approx(b, rel=1e-6))


@pytest.mark.parametrize(
    ("metres", "seconds"),
    [((), ()), ((5,), (5,)), ((5, 5), (1, 2)), ((1, 2), (0, 1)), ((0, 2), (1, 1)), ((1, 2), (1,))],
)
def test_a_fit_of_nothing_is_refused(metres: tuple[float, ...], seconds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        fit(np.array(metres, dtype=float), np.array(seconds, dtype=float))


@pytest.mark.parametrize(("a", "b"), [(0, 0.7), (-1, 0.7), (1, 0), (1, 1.1)])
def test_a_law_that_cannot_be_is_refused(a: float, b: float) -> None:
    with pytest.raises(ValueError, match="power law"):
        PowerLaw(a, b)


def test_longer_ways_are_faster() -> None:
    assert travel_time_s(0.0) == 0.0
    assert travel_time_s(10_000.0) < 10 * travel_time_s(1_000.0)
    assert CITY.b < 1


@pytest.mark.parametrize(
    ("end", "word"), [((1, 0), "north"), ((1, 1), "north-east"), ((0, -1), "west"), ((-1, 0), "south")]
)
def test_headings_are_compass_words(end: tuple[float, float], word: str) -> None:
    assert heading((0.0, 0.0), end) == word


def test_threads_share_a_graph_router() -> None:
    router = GraphRouter(Network(grid(8, bans=5)))
    spots = np.random.default_rng(1).uniform(0, 0.006, (20, 2))
    expected, route = router.times(spots, spots), router.route(spots[:2]).duration_s
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(5):
            if not np.array_equal(router.times(spots, spots), expected) or router.route(spots[:2]).duration_s != route:
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
