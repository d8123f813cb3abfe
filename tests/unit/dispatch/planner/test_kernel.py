"""The kernel beside what is slow and plain: tours driven stop by stop, insertions tried one after the other."""

import itertools

import numpy as np
import pytest

from shared.dispatch.engine.planner import Routing, check
from shared.dispatch.engine.planner.kernel.chance import below, uniform, words
from shared.dispatch.engine.planner.kernel.insertion import cheapest, no_prices
from shared.dispatch.engine.planner.kernel.problem import problem_of
from shared.dispatch.engine.planner.kernel.search import begin, search, work_on
from shared.dispatch.engine.planner.kernel.state import (
    NOBODY,
    State,
    drop_lost,
    insert,
    nothing_planned,
    refresh_all,
    twin,
)
from shared.dispatch.engine.planner.tours import Stops, Tours
from tests.unit.dispatch.planner.routings import NEVER_S, a_random_routing, a_routing


def tours_of(state: State) -> Tours:
    return {v: tuple(state.node[v, 1 : 1 + n].tolist()) for v, n in enumerate(state.length) if n}


def insertions(routing: Routing, tours: Tours, request: int) -> list[float]:
    """What each way to put a request in costs that can be driven."""
    stops, found = Stops.of(routing), []
    for vehicle in range(len(routing.vehicles)):
        tour = tours.get(vehicle, ())
        before_s = stops.travel_s(vehicle, tour) if tour else 0.0
        for first, last in itertools.combinations_with_replacement(range(len(tour) + 1), 2):
            longer = (*tour[:first], request, *tour[first:last], request + stops.requests, *tour[last:])
            if not any("vehicle" in line for line in check(routing, stops.routes({**tours, vehicle: longer}))):
                fixed_s = 0.0 if tour else routing.vehicle_cost_s
                found.append(stops.travel_s(vehicle, longer) - before_s + fixed_s)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_way_to_put_a_request_in_is_cheaper_than_the_one_that_is_found(seed: int) -> None:
    routing = a_random_routing(seed, requests=10, vehicles=3)
    problem = problem_of(Stops.of(routing))
    state, prices, random = nothing_planned(problem), no_prices(10, 3), words(seed)
    refresh_all(problem, state)
    for request in range(10):
        ways_s = insertions(routing, tours_of(state), request)
        vehicle = cheapest(problem, state, prices, request, True, 0.0, random)
        assert (vehicle == -1) == (not ways_s)
        if vehicle >= 0:
            assert prices.price_s[request, vehicle] == pytest.approx(min(ways_s))
            insert(problem, state, request, vehicle, prices.pickup[request, vehicle], prices.dropoff[request, vehicle])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_of_tours_is_what_follows_from_them_after_many_steps(seed: int) -> None:
    routing = a_random_routing(seed, requests=20, vehicles=5, asymmetric=seed % 2 == 1)
    problem = problem_of(Stops.of(routing))
    work = work_on(problem, seed)
    hopeless = begin(problem, work)
    assert hopeless == sum(not insertions(routing, {}, request) for request in range(20))
    assert search(problem, work, 300, 50.0, 8.0, True, -1) == 300
    for state in (work.now, work.new, work.best):
        anew = twin(state)
        refresh_all(problem, anew)
        for vehicle, end in enumerate(state.length + 1):
            for kept, fresh in zip(state[:5], anew[:5], strict=True):
                assert kept[vehicle, 1:end].tolist() == fresh[vehicle, 1:end].tolist()
        assert state.cost_s.tolist() == anew.cost_s.tolist()
        owners = {stop % 20: vehicle for vehicle, tour in tours_of(state).items() for stop in tour}
        assert state.owner.tolist() == [owners.get(request, NOBODY) for request in range(20)]
        assert check(routing, Stops.of(routing).routes(tours_of(state))) == []


def test_a_tour_that_cannot_be_driven_without_its_middle_is_given_up() -> None:
    """From 1 to 3 it is fast over 2 and slow straight on, too slow for the window at 3."""
    travel_s = np.array([[0, 10, 10, 15], [10, 0, 5, 100], [10, 5, 0, 5], [15, 10, 5, 0]], dtype=float)
    routing = a_routing(travel_s, [(1, 1), (3, 3), (2, 2)], [0], close_s=[NEVER_S, 50.0, NEVER_S])
    problem = problem_of(Stops.of(routing))
    state = nothing_planned(problem)
    for at, request in enumerate((0, 2, 1)):
        insert(problem, state, request, 0, 2 * at, 2 * at)
    assert tours_of(state) == {0: (0, 3, 2, 5, 1, 4)}
    assert check(routing, Stops.of(routing).routes(tours_of(state))) == []
    state.owner[2] = NOBODY
    drop_lost(problem, state, 0)
    assert tours_of(state) == {}
    assert state.owner.tolist() == [NOBODY] * 3
    assert state.cost_s.tolist() == [0.0]


def test_chance_is_even_and_repeats_itself() -> None:
    one, same = words(7), words(7)
    drawn = [uniform(one) for _ in range(2_000)]
    assert drawn == [uniform(same) for _ in range(2_000)]
    assert 0.0 <= min(drawn) < 0.01
    assert 0.99 < max(drawn) < 1.0
    counts = np.bincount([below(one, 4) for _ in range(4_000)])
    assert len(counts) == 4
    assert counts.min() > 900
