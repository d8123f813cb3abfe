from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.routing.haversine import HaversineRouter
from shared.routing.osrm import OsrmRouter
from shared.routing.osrm.breaker import Breaker
from shared.routing.osrm.instructions import sentence
from shared.routing.osrm.router import Limits, batches
from shared.routing.protocol import RouterUnavailable
from tests.unit.routing.osrm_stand_in import StandIn, serving

HERE = (45.52, -122.67)
STRAIGHT = HaversineRouter()


@pytest.fixture
def osrm() -> Iterator[StandIn]:
    with serving(StandIn(STRAIGHT, HERE)) as stand_in:
        yield stand_in


def places(count: int, seed: int = 1) -> np.ndarray:
    return np.array(HERE) + np.random.default_rng(seed).normal(0, 0.02, (count, 2))


def router(osrm: StandIn, **limits: float) -> OsrmRouter:
    return OsrmRouter(osrm.url, Limits(**limits))  # type: ignore[arg-type]


def test_coordinates_are_sent_as_lng_lat_with_a_radius_each(osrm: StandIn) -> None:
    router(osrm, near_m=750).times(np.array([(45.5, -122.6)]), np.array([(45.6, -122.7)]))
    parts = urlsplit(osrm.asked[0])
    assert parts.path == "/table/v1/driving/-122.600000,45.500000;-122.700000,45.600000"
    assert parse_qs(parts.query)["radiuses"] == ["750;750"]


@pytest.mark.parametrize(
    ("rows", "columns"), [(1, 1), (3, 250), (250, 3), (120, 130), (99, 1), (100, 1), (0, 5), (5, 0)]
)
def test_a_table_of_any_size_is_asked_for_in_parts_that_osrm_takes(osrm: StandIn, rows: int, columns: int) -> None:
    origins, destinations = places(rows), places(columns, 2)
    seconds = router(osrm).times(origins, destinations)
    assert seconds == pytest.approx(STRAIGHT.times(origins, destinations), abs=0.2)
    assert all(address.split("?")[0].count(";") < 100 for address in osrm.asked)


def test_cells_are_asked_for_in_parts(osrm: StandIn) -> None:
    origins, destinations = places(300), places(60, 2)
    origin = np.random.default_rng(3).integers(0, 300, 900)
    destination = np.repeat(np.arange(60), 15)
    seconds = router(osrm).edge_times(origins, destinations, origin, destination)
    assert seconds == pytest.approx(STRAIGHT.edge_times(origins, destinations, origin, destination), abs=0.2)
    assert len(osrm.asked) > 1


@settings(deadline=None)
@given(cells=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=200), limit=st.integers(2, 50))
def test_batches_hold_every_cell_once_and_keep_the_limit(cells: list[tuple[int, int]], limit: int) -> None:
    table = np.array(cells, dtype=np.int64).reshape(-1, 2)
    parts = list(batches(table[:, 0], table[:, 1], limit))
    assert sorted(row for part in parts for row in part.tolist()) == list(range(len(cells)))
    for part in parts:
        assert len(np.unique(table[part, 0])) + len(np.unique(table[part, 1])) <= limit


def test_a_point_far_from_roads_is_measured_by_the_crow_and_the_rest_by_osrm(osrm: StandIn) -> None:
    origins, destinations = places(6), places(4, 2)
    origins[2], destinations[1] = (10.0, 10.0), (-10.0, 20.0)
    asked = router(osrm)
    origin, destination = np.indices((6, 4)).reshape(2, -1)
    answer = asked.answer(origins, destinations, origin, destination)
    assert answer.router == "osrm+haversine"
    assert answer.seconds == pytest.approx(STRAIGHT.times(origins, destinations).ravel(), abs=0.2)
    assert asked.times(origins, destinations).shape == (6, 4)
    assert asked.times(origins[2:3], destinations).shape == (1, 4)
    assert len(asked.route(np.vstack((origins[0], origins[2]))).geometry) == 2


def test_a_table_with_holes_is_filled_by_the_crow(osrm: StandIn) -> None:
    osrm.faults = ['body {"code": "Ok", "durations": [[null, 12.5]]}']
    answer = router(osrm).answer(places(1), places(2, 2), np.array((0, 0)), np.array((0, 1)))
    assert answer.router == "osrm+haversine"
    assert answer.seconds[1] == 12.5
    assert np.isfinite(answer.seconds).all()


@pytest.mark.parametrize(
    "fault",
    ["500", "503", "hang up", "slow", "body not json", "body []", 'body {"code": "Ok"}', "code TooBig", "code InvalidQuery",
     "code NoSegment", 'body {"code": "Ok", "durations": [[1, 2], [3]]}', 'body {"code": "Ok", "durations": [[-1]]}',
     'body {"code": "Ok", "durations": [["x"]]}', 'body {"code": "Ok", "durations": [[1e999]]}'],
)  # fmt: skip
def test_every_failure_is_one_error_that_the_chain_knows(osrm: StandIn, fault: str) -> None:
    osrm.faults, osrm.slow_s = [fault] * 2, 0.6
    with pytest.raises(RouterUnavailable, match="OSRM"):
        router(osrm, timeout_s=0.2).times(places(1), places(1, 2))


@pytest.mark.parametrize(
    "fault", ["code InvalidQuery", 'body {"code": "Ok", "routes": []}', "502", 'body {"code": "Ok"}']
)
def test_a_route_fails_by_the_same_error(osrm: StandIn, fault: str) -> None:
    osrm.faults = [fault]
    with pytest.raises(RouterUnavailable):
        router(osrm).route(places(2))


def test_nobody_listens() -> None:
    with pytest.raises(RouterUnavailable):
        OsrmRouter("http://127.0.0.1:9").times(places(1), places(1))


@pytest.mark.parametrize("url", ["", "localhost:5000", "ftp://localhost", "http://"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        OsrmRouter(url)


def test_a_connection_is_kept_and_opened_again_when_the_server_closed_it(osrm: StandIn) -> None:
    asked = router(osrm)
    osrm.faults = ["", "last"]
    for _ in range(4):
        asked.times(places(1), places(1, 2))
    assert len(osrm.asked) == 4


def test_after_failures_in_a_row_the_server_rests_and_one_call_tries_again(osrm: StandIn) -> None:
    now = [0.0]
    asked = OsrmRouter(osrm.url, breaker=Breaker(failures=3, rest_s=10.0, clock=lambda: now[0]))
    osrm.faults = ["500"] * 4
    for _ in range(5):
        with pytest.raises(RouterUnavailable):
            asked.times(places(1), places(1, 2))
    assert len(osrm.asked) == 3
    now[0] = 11.0
    for _ in range(2):
        with pytest.raises(RouterUnavailable):
            asked.times(places(1), places(1, 2))
    assert len(osrm.asked) == 4, "one tried, and failed"
    now[0] = 22.0
    asked.times(places(1), places(1, 2))
    asked.times(places(1), places(1, 2))
    assert len(osrm.asked) == 6


def test_a_refusal_is_no_failure_of_the_server(osrm: StandIn) -> None:
    asked = OsrmRouter(osrm.url, breaker=Breaker(failures=1))
    osrm.faults = ["code InvalidQuery"]
    with pytest.raises(RouterUnavailable):
        asked.times(places(1), places(1, 2))
    assert asked.times(places(1), places(1, 2)).shape == (1, 1)


@pytest.mark.parametrize(
    ("manoeuvre", "name", "words"),
    [({"type": "turn", "modifier": "left"}, "Main Street", "Turn left onto Main Street"),
     ({"type": "end of road", "modifier": "sharp right"}, "", "Turn sharply right"),
     ({"type": "new name", "modifier": "straight"}, "Elm Street", "Continue onto Elm Street"),
     ({"type": "depart", "bearing_after": 268}, "Oak Street", "Head west on Oak Street"),
     ({"type": "arrive"}, "Oak Street", "Arrive at stop 1"),
     ({"type": "merge", "modifier": "slight left"}, "I 35", "Merge onto I 35"),
     ({"type": "off ramp", "modifier": "slight right"}, "", "Take the ramp on the right"),
     ({"type": "fork", "modifier": "slight left"}, "", "Keep left"), ({"type": "fork"}, "", "Keep straight"),
     ({"type": "roundabout", "exit": 2}, "Oak Street", "At the roundabout, take the 2nd exit onto Oak Street"),
     ({"type": "rotary", "exit": 5}, "", "At the roundabout, take the 5th exit"),
     ({"type": "continue", "modifier": "uturn"}, "", "Make a U-turn"), ({"type": "unheard of"}, "", "Continue")],
)  # fmt: skip
def test_a_manoeuvre_is_put_in_words(manoeuvre: dict[str, object], name: str, words: str) -> None:
    assert sentence({"maneuver": manoeuvre, "name": name}, "Arrive at stop 1") == words


def test_limits_that_make_no_sense_are_refused() -> None:
    for limits in ({"max_table": 1}, {"near_m": 0}, {"timeout_s": 0}):
        with pytest.raises(ValueError):
            Limits(**limits)  # type: ignore[arg-type]
