"""What the planner's routes must be."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.bench.plain_vroom import vroom_routes
from infra.bench.planner import market
from shared.dispatch.engine.planner import Visit, check
from shared.dispatch.engine.planner.budget import Budget
from shared.dispatch.engine.planner.plan import plan
from tests.unit.dispatch.planner.routings import NEVER_S, a_random_routing, a_routing, cost, on_a_line, optimum

SEEDS = st.integers(0, 10_000)


@given(SEEDS, st.integers(0, 15), st.integers(0, 4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_routes_keep_every_rule_and_account_for_every_request(
    seed: int, requests: int, vehicles: int, asymmetric: bool
) -> None:
    routing = a_random_routing(seed, requests, vehicles, asymmetric=asymmetric)
    assert check(routing, plan(routing, math.inf, seed, steps=200)) == []


@pytest.mark.parametrize("seed", range(8))
def test_no_enumeration_finds_a_cheaper_plan_of_three_requests(seed: int) -> None:
    routing = a_random_routing(seed, requests=3, vehicles=2, asymmetric=seed % 2 == 1)
    routes = plan(routing, math.inf, seed, steps=30)
    unserved, least_s = optimum(routing)
    assert cost(routing, routes) == (unserved, pytest.approx(least_s, abs=0.02))


def test_equal_steps_and_seeds_give_equal_routes() -> None:
    routing = replace(a_random_routing(3, requests=20, vehicles=5), vehicle_cost_s=300.0)
    first, second = plan(routing, math.inf, seed=4, steps=500), plan(routing, math.inf, seed=4, steps=500)
    assert first.routes == second.routes
    assert len(first.routes) > 1


@pytest.mark.parametrize("seed", range(6))
def test_no_more_is_left_and_no_farther_driven_than_in_the_plan_of_vroom(seed: int) -> None:
    routing = replace(market(orders=16, drivers=5, seed=seed), vehicle_cost_s=1_000.0 * (seed % 2))
    unserved, least_s = cost(routing, vroom_routes(routing, seconds=60.0))
    assert cost(routing, plan(routing, math.inf, seed, steps=16_000)) <= (unserved, least_s + 0.02)


def test_the_search_ends_with_its_steps_or_its_seconds() -> None:
    by_steps, by_seconds, over = Budget(seconds=3_600.0, steps=200), Budget(seconds=1e-9), Budget(seconds=0.0, steps=9)
    by_steps.take_steps(100)
    assert by_steps.spent() == 0.5
    by_steps.take_steps(100)
    assert by_steps.spent() >= 1.0
    assert by_seconds.spent() >= 1.0
    assert over.spent() >= 1.0


def test_the_clock_is_looked_at_after_a_small_part_of_the_budget() -> None:
    budget = Budget(steps=320)
    assert budget.portion() == 10
    budget.take_steps(315)
    assert budget.portion() == 5
    assert Budget(steps=3).portion() == 1
    assert Budget(seconds=1.0).portion() > 1


def test_the_search_improves_on_the_first_plan() -> None:
    routing = replace(a_random_routing(11, requests=40, vehicles=8), vehicle_cost_s=300.0)
    assert cost(routing, plan(routing, math.inf, 1, steps=150)) < cost(routing, plan(routing, math.inf, 1, steps=0))


def test_a_problem_without_requests_has_no_routes() -> None:
    routes = plan(a_routing(on_a_line(0.0), [], [0]), 0.01, 1)
    assert (routes.routes, routes.unserved.tolist(), routes.travel_s) == ((), [], 0.0)


def test_without_vehicles_every_request_is_unserved() -> None:
    routes = plan(a_routing(on_a_line(0.0, 5.0), [(0, 1), (1, 0)], []), 0.01, 1)
    assert (routes.routes, routes.unserved.tolist()) == ((), [0, 1])


def test_one_request_is_fetched_and_brought_by_the_nearer_vehicle() -> None:
    routes = plan(a_routing(on_a_line(0.0, 10.0, 30.0, 12.0), [(1, 2)], [0, 3]), 0.01, 1)
    assert [route.vehicle for route in routes.routes] == [1]
    assert routes.routes[0].visits == (Visit(0, True, 2.0), Visit(0, False, 22.0))
    assert routes.travel_s == 22.0


def test_a_vehicle_that_ends_anywhere_does_not_pay_for_the_way_home() -> None:
    line = on_a_line(0.0, 10.0, 30.0)
    there = plan(a_routing(line, [(1, 2)], [0]), 0.01, 1)
    back = plan(a_routing(line, [(1, 2)], [0], ends=[0]), 0.01, 1)
    assert (there.travel_s, back.travel_s) == (30.0, 60.0)


@pytest.mark.parametrize(("off_s", "unserved"), [(60.0, []), (59.0, [0])])
def test_a_shift_that_ends_before_the_vehicle_is_home_leaves_the_request_unserved(
    off_s: float, unserved: list[int]
) -> None:
    routing = a_routing(on_a_line(0.0, 10.0, 30.0), [(1, 2)], [0], ends=[0], off_s=off_s)
    assert plan(routing, 0.01, 1).unserved.tolist() == unserved


def test_a_vehicle_whose_shift_is_over_takes_nothing() -> None:
    routing = a_routing(on_a_line(0.0, 10.0, 30.0), [(1, 2)], [0, 0], off_s=[-5.0, NEVER_S])
    assert [route.vehicle for route in plan(routing, 0.01, 1).routes] == [1]


def test_more_requests_than_can_be_served_are_reported() -> None:
    line = on_a_line(0.0, *np.arange(1.0, 41.0))
    routing = a_routing(line, [(0, place) for place in range(1, 41)], [0], close_s=100.0, capacity=1)
    routes = plan(routing, math.inf, 1, steps=60)
    assert check(routing, routes) == []
    served = sorted(visit.request for route in routes.routes for visit in route.visits if visit.pickup)
    assert sorted([*served, *routes.unserved.tolist()]) == list(range(40))
    assert len(served) == 10, "there and back to the ten nearest, but for the last way back, is 100 seconds"


def test_a_request_whose_window_is_never_open_is_unserved_and_the_others_are_not() -> None:
    routing = a_routing(on_a_line(0.0, 10.0, 30.0), [(1, 2), (2, 1)], [0], close_s=[-10.0, NEVER_S])
    routes = plan(routing, 0.01, 1)
    assert (routes.unserved.tolist(), len(routes.routes)) == ([0], 1)


def test_a_matrix_that_is_not_symmetric_is_driven_the_short_way_round() -> None:
    ring = (np.arange(6) - np.arange(6)[:, None]) % 6 * 10.0
    routing = a_routing(ring, [(0, 4), (0, 2)], [0], ends=[0])
    routes = plan(routing, math.inf, 1, steps=5)
    assert routes.travel_s == 60.0
    assert [visit.request for visit in routes.routes[0].visits if not visit.pickup] == [1, 0]


def test_a_vehicle_that_costs_is_spared() -> None:
    line = on_a_line(0.0, 50.0, 60.0, 100.0, 110.0)
    free = a_routing(line, [(1, 2), (3, 4)], [0, 3])
    dear = replace(free, vehicle_cost_s=1_000.0)
    assert len(plan(free, math.inf, 1, steps=5).routes) == 2
    assert len(plan(dear, math.inf, 1, steps=5).routes) == 1


def test_the_fleet_is_cut_one_vehicle_after_the_other() -> None:
    places = on_a_line(*np.linspace(0.0, 90.0, 10))
    routing = a_routing(places, [(place, place + 1) for place in range(9)], list(range(9)), vehicle_cost_s=500.0)
    assert len(plan(routing, math.inf, 2, steps=40).routes) == 1


@pytest.mark.parametrize(
    ("travel_s", "complaint"),
    [
        (np.zeros((3, 2)), "square"),
        (np.full((3, 3), np.nan), "travel_s"),
        (-np.ones((3, 3)), "travel_s"),
        (np.zeros((2, 2)), "dropoff"),
    ],
)
def test_a_matrix_that_cannot_be_used_is_refused(travel_s: np.ndarray, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        a_routing(travel_s, [(1, 2)], [0])
