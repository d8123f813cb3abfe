"""What to take out: strings of stops from tours that pass near each other (Christiaens and Vanden Berghe, "Slack induction by
string removals for vehicle routing problems", 2020). A request goes as a whole, so a string takes more than its stops."""

from __future__ import annotations

from shared.dispatch.engine.compiled import in_place
from shared.dispatch.engine.planner.kernel.chance import Words, below, uniform
from shared.dispatch.engine.planner.kernel.problem import Numbers, Problem
from shared.dispatch.engine.planner.kernel.state import NOBODY, State, drop_lost

LONGEST = 10.0
"""Stops of one string, at most."""

SPLIT, WIDER = 0.5, 0.01
"""How often a stop in the middle of a string stays, and how often one more does."""


@in_place
def ruin(problem: Problem, state: State, around: int, size: float, random: Words, touched: Numbers) -> None:
    """Take out one string from each of the tours nearest to a stop, `size` stops on average if all strings are of full length;
    `touched`, int64[vehicles], is 1 for these tours."""
    requests, stops, tours = len(state.owner), 0, 0
    for vehicle in range(len(state.length)):
        stops += state.length[vehicle]
        tours += state.length[vehicle] > 0
    if tours == 0:
        return
    longest = min(LONGEST, stops / tours)
    strings = 1 + below(random, max(1, round(4.0 * size / (1.0 + longest) - 1.0)))
    for stop in problem.near[around]:
        vehicle = state.owner[stop % requests]
        if vehicle != NOBODY and not touched[vehicle]:
            take_string(state, vehicle, state.column[stop], int(longest), random)
            drop_lost(problem, state, vehicle)
            touched[vehicle] = 1
            strings -= 1
            if strings == 0:
                break


@in_place
def take_string(state: State, vehicle: int, column: int, longest: int, random: Words) -> None:
    """Give the requests of a stretch of stops, that column among them, to nobody; some in its middle may stay."""
    requests, length, stays = len(state.owner), state.length[vehicle], 0
    taken = 1 + below(random, min(length, longest))
    if taken < length and uniform(random) < SPLIT:
        stays = 1
        while taken + stays < length and uniform(random) < WIDER:
            stays += 1
    first = max(1, column - taken - stays + 1)
    first += below(random, min(column, length - taken - stays + 1) - first + 1)
    hole = first + below(random, taken + 1)
    for at in range(first, first + taken + stays):
        if at < hole or at >= hole + stays:
            state.owner[state.node[vehicle, at] % requests] = NOBODY
