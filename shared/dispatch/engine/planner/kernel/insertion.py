"""Where to put a request: the cheapest pair of places over all tours at which everybody is still in time.

A price is kept until its tour changes. Bounds skip what cannot be cheaper than what was found already, and what is late before
the dropoff; where a way around is shorter than the way straight on a feasible place may be skipped so. What is let through is
checked exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.compiled import in_place
from shared.dispatch.engine.planner.kernel.chance import Words, uniform
from shared.dispatch.engine.planner.kernel.problem import Numbers, Problem
from shared.dispatch.engine.planner.kernel.state import State

NOWHERE = -1
"""The column of a pickup that fits nowhere, or nowhere at less than the price."""

BLINK = 0.05
"""How often a better place is overlooked, so that one and the same ruin is not always built up the same."""

NO_VERSION = -1
"""Of a price that holds no longer."""


class Prices(NamedTuple):
    """What it costs to put a request into a vehicle's tour. The first four are [requests, vehicles].

    version           of the tour that was priced
    price_s           what the cheapest way costs; where `pickup` is NOWHERE, none costs less
    pickup, dropoff   the columns to go behind
    detour_s          float64[stops + 2], scratch: what a dropoff behind each column of one tour costs; infinite where it is
                      late in any case
    least_s           float64[stops + 2], scratch: the least of these from each column on
    """

    version: Numbers
    price_s: Floats
    pickup: Numbers
    dropoff: Numbers
    detour_s: Floats
    least_s: Floats


def no_prices(requests: int, vehicles: int) -> Prices:
    shape, stops = (requests, vehicles), 2 * requests
    columns = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    return Prices(*columns, np.zeros(stops + 2), np.zeros(stops + 2))


@in_place
def cheapest(
    problem: Problem, state: State, prices: Prices, request: int, idle: bool, blink: float, random: Words
) -> int:
    """The vehicle that takes a request at the least cost, with its price in `prices`, or -1. `idle`: also one without a tour,
    of each kind the first."""
    best_s, best, resting = np.inf, -1, -1
    for vehicle in range(len(state.length)):
        if state.length[vehicle] == 0:
            if not idle or problem.kind[vehicle] == resting:
                continue
            resting = problem.kind[vehicle]
        stale = prices.version[request, vehicle] != state.version[vehicle]
        unknown = prices.pickup[request, vehicle] == NOWHERE and prices.price_s[request, vehicle] < best_s
        if stale or unknown:
            price(problem, state, prices, request, vehicle, best_s, blink, random)
        if prices.pickup[request, vehicle] != NOWHERE and prices.price_s[request, vehicle] < best_s:
            best_s, best = prices.price_s[request, vehicle], vehicle
    return best


@in_place
def price(
    problem: Problem,
    state: State,
    prices: Prices,
    request: int,
    vehicle: int,
    limit_s: float,
    blink: float,
    random: Words,
) -> None:
    """The cheapest way into a tour, where it costs less than `limit_s`. A price for which something was overlooked holds once."""
    dropoff, length = request + len(state.owner), state.length[vehicle]
    travel_s, detour_s, least_s = problem.travel_s, prices.detour_s, prices.least_s
    open_s, close_s, service_s = problem.open_s[dropoff], problem.close_s[dropoff], problem.service_s[dropoff]
    room = problem.capacity[vehicle] - problem.load[request]
    ready_s = problem.open_s[request] + problem.service_s[request]
    fixed_s = 0.0 if length else problem.vehicle_cost_s
    best_s, best_pickup, best_dropoff, version = limit_s, NOWHERE, NOWHERE, state.version[vehicle]
    price_dropoffs(problem, state, prices, dropoff, vehicle)
    for place in range(length + 1):
        if state.leave_s[vehicle, place] > problem.close_s[request]:
            break
        if state.load[vehicle, place] > room or ready_s > state.latest_s[vehicle, place + 1]:
            continue
        there_s, onward = travel_s[state.node[vehicle, place], request], state.node[vehicle, place + 1]
        begin_s = max(state.leave_s[vehicle, place] + there_s, problem.open_s[request])
        if begin_s > problem.close_s[request]:
            continue
        moment_s, so_far_s = begin_s + problem.service_s[request], fixed_s + there_s - state.leg_s[vehicle, place]
        total_s = so_far_s + travel_s[request, dropoff] + travel_s[dropoff, onward]
        if total_s < best_s:
            door_s = max(moment_s + travel_s[request, dropoff], open_s)
            back_s = door_s + service_s + travel_s[dropoff, onward]
            if door_s <= close_s and back_s <= state.latest_s[vehicle, place + 1]:
                if blink > 0.0 and uniform(random) < blink:
                    version = NO_VERSION
                else:
                    best_s, best_pickup, best_dropoff = total_s, place, place
        so_far_s, moment_s = so_far_s + travel_s[request, onward], moment_s + travel_s[request, onward]
        for at in range(place + 1, length + 1):
            late = moment_s > state.latest_s[vehicle, at]
            if late or state.load[vehicle, at] > room or so_far_s + least_s[at] >= best_s:
                break
            here = state.node[vehicle, at]
            moment_s = max(moment_s, problem.open_s[here]) + problem.service_s[here]
            if moment_s > close_s:
                break
            if so_far_s + detour_s[at] < best_s:
                door_s = max(moment_s + travel_s[here, dropoff], open_s)
                back_s = door_s + service_s + travel_s[dropoff, state.node[vehicle, at + 1]]
                if door_s <= close_s and back_s <= state.latest_s[vehicle, at + 1]:
                    if blink > 0.0 and uniform(random) < blink:
                        version = NO_VERSION
                    else:
                        best_s, best_pickup, best_dropoff = so_far_s + detour_s[at], place, at
            moment_s += state.leg_s[vehicle, at]
    prices.version[request, vehicle], prices.price_s[request, vehicle] = version, best_s
    prices.pickup[request, vehicle], prices.dropoff[request, vehicle] = best_pickup, best_dropoff


@in_place
def price_dropoffs(problem: Problem, state: State, prices: Prices, dropoff: int, vehicle: int) -> None:
    """What the dropoff costs behind each column, from the last to the first."""
    over_s, length, least_s = problem.open_s[dropoff] + problem.service_s[dropoff], state.length[vehicle], np.inf
    for at in range(length, 0, -1):
        back_s, detour_s = problem.travel_s[dropoff, state.node[vehicle, at + 1]], np.inf
        if over_s + back_s <= state.latest_s[vehicle, at + 1]:
            there_s = problem.travel_s[state.node[vehicle, at], dropoff]
            detour_s = there_s + back_s - state.leg_s[vehicle, at]
        least_s = min(least_s, detour_s)
        prices.detour_s[at], prices.least_s[at] = detour_s, least_s
