"""The verifier finds each kind of violation in routes that were right before they were tampered with."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from shared.dispatch.engine.planner import Route, Routes, Routing, Visit, check
from tests.unit.dispatch.planner.routings import a_routing, on_a_line

LINE = on_a_line(0.0, 10.0, 20.0, 30.0)
"""Two requests, 1 → 2 and 2 → 3; two vehicles, both at 0."""

FETCH_0, BRING_0 = Visit(0, True, 10.0), Visit(0, False, 20.0)
FETCH_1, BRING_1 = Visit(1, True, 20.0), Visit(1, False, 30.0)
RIGHT = Routes((Route(0, (FETCH_0, BRING_0, FETCH_1, BRING_1)),), np.array([], dtype=np.int64), 30.0)


def one_route(*visits: Visit, vehicle: int = 0, travel_s: float = 30.0) -> Routes:
    return Routes((Route(vehicle, visits),), RIGHT.unserved, travel_s)


def routing(**changes: object) -> Routing:
    return a_routing(LINE, [(1, 2), (2, 3)], [0, 0], **changes)  # type: ignore[arg-type]


def test_right_routes_have_no_complaint() -> None:
    assert check(routing(), RIGHT) == []


def test_an_unserved_request_is_no_complaint_when_it_is_reported() -> None:
    unserved = Routes((Route(0, (FETCH_0, BRING_0)),), np.array([1]), 20.0)
    assert check(routing(), unserved) == []


TAMPERED: dict[str, tuple[Routes, str]] = {
    "a request forgotten": (one_route(FETCH_0, BRING_0, travel_s=20.0), "request 1 has 0 pickups"),
    "a request served and unserved": (replace(RIGHT, unserved=np.array([1])), "is 1 times unserved"),
    "a request served twice": (one_route(FETCH_0, BRING_0, FETCH_1, BRING_1, FETCH_1), "request 1 has 2 pickups"),
    "a request that does not exist": (one_route(FETCH_0, BRING_0, Visit(7, True, 20.0)), "request 7 does not exist"),
    "an unserved one that does not exist": (replace(RIGHT, unserved=np.array([9])), "request 9 does not exist"),
    "a vehicle that does not exist": (one_route(*RIGHT.routes[0].visits, vehicle=5), "vehicle 5 does not exist"),
    "a vehicle with two routes": (
        Routes((Route(0, (FETCH_0, BRING_0)), Route(0, (FETCH_1, BRING_1))), RIGHT.unserved, 50.0),
        "vehicle 0 has 2 routes",
    ),
    "a dropoff before its pickup": (
        one_route(Visit(0, False, 20.0), Visit(0, True, 30.0), Visit(1, True, 40.0), Visit(1, False, 50.0)),
        "dropped off before it is picked up",
    ),
    "pickup and dropoff by two vehicles": (
        Routes((Route(0, (FETCH_0, FETCH_1, BRING_1)), Route(1, (BRING_0,))), RIGHT.unserved, 50.0),
        "request 0 is never dropped off here",
    ),
    "an arrival that is not so": (one_route(FETCH_0, BRING_0, Visit(1, True, 19.0), BRING_1), "not at 19.0 s"),
    "a travel that is not so": (replace(RIGHT, travel_s=29.0), "the travel is 30.0 s, not 29.0 s"),
    "an empty route": (Routes((*RIGHT.routes, Route(1, ())), RIGHT.unserved, 30.0), "the route is empty"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_plan_is_caught(name: str) -> None:
    routes, complaint = TAMPERED[name]
    assert any(complaint in line for line in check(routing(), routes))


BROKEN: dict[str, tuple[Callable[[], Routing], str]] = {
    "the window of a dropoff": (lambda: routing(close_s=25.0), "after its window closed"),
    "the shift": (lambda: routing(off_s=29.0), "after the shift's end"),
    "the shift, with the way home": (lambda: routing(off_s=50.0, ends=[0, 0]), "after the shift's end"),
    "the capacity": (lambda: routing(capacity=0), "more than fit"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_limit_that_is_broken_is_caught(name: str) -> None:
    make, complaint = BROKEN[name]
    assert any(complaint in line for line in check(make(), RIGHT))


def test_waiting_for_a_window_counts_into_the_next_arrival() -> None:
    problem = routing()
    late = replace(problem, requests=replace(problem.requests, pickup_open_s=np.array([15.0, 0.0])))
    assert any("is reached at 25.0 s, not at 20.0 s" in line for line in check(late, RIGHT))
