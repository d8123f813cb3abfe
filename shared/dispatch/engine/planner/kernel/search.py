"""Search steps: take requests out, put them back, and keep the result when it is not much worse."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.compiled import in_place
from shared.dispatch.engine.planner.kernel.chance import Words, below, uniform, words
from shared.dispatch.engine.planner.kernel.insertion import BLINK, Prices, cheapest, no_prices
from shared.dispatch.engine.planner.kernel.problem import Numbers, Problem
from shared.dispatch.engine.planner.kernel.removal import ruin
from shared.dispatch.engine.planner.kernel.state import (
    NOBODY,
    State,
    copy_all,
    copy_owners,
    copy_tour,
    insert,
    nothing_planned,
    refresh_all,
    twin,
)

EQUAL_S = 1e-8
"""A plan is a new best one when it costs less by more than this."""

ABSENT = 0.5
"""How often a step is about a request that nobody serves, while there is one."""


class Work(NamedTuple):
    """What a search has in hand.

    now, new, best   the plan, the one that a step makes of it, and the best one so far
    prices           of `new`
    absences         int64[requests], after how many steps nobody served it
    touched          int64[vehicles], scratch: 1 where `new` differs from `now`
    waiting, key     int64 and float64[requests], scratch: requests to put in
    random           the generator
    """

    now: State
    new: State
    best: State
    prices: Prices
    absences: Numbers
    touched: Numbers
    waiting: Numbers
    key: Floats
    random: Words


def work_on(problem: Problem, seed: int) -> Work:
    """Nothing planned yet."""
    requests, vehicles, state = len(problem.open_s) // 2, len(problem.start), nothing_planned(problem)
    return Work(
        now=state,
        new=twin(state),
        best=twin(state),
        prices=no_prices(requests, vehicles),
        absences=np.zeros(requests, np.int64),
        touched=np.zeros(vehicles, np.int64),
        waiting=np.zeros(requests, np.int64),
        key=np.zeros(requests),
        random=words(seed),
    )


@in_place
def begin(problem: Problem, work: Work) -> int:
    """A first plan, by putting every request in where it is cheapest. How many no vehicle can serve even if it serves nobody
    else."""
    refresh_all(problem, work.new)
    hopeless = 0
    for request in range(len(work.new.owner)):
        hopeless += cheapest(problem, work.new, work.prices, request, True, 0.0, work.random) < 0
    recreate(problem, work, True, 0.0)
    copy_all(work.new, work.now)
    copy_all(work.new, work.best)
    return hopeless


@in_place
def search(problem: Problem, work: Work, steps: int, heat_s: float, size: float, idle: bool, goal: int) -> int:
    """Take steps, and say how many it were: it ends early when no more than `goal` requests are unserved.

    heat_s   the temperature
    size     stops that a step takes out, about
    idle     also vehicles without a tour may be used
    goal     not negative: serving those who were often absent is worth more than travel
    """
    now, new, best = work.now, work.new, work.best
    unserved, cost_s = absent(now), now.cost_s.sum()
    fewest, least_s = absent(best), best.cost_s.sum()
    for step in range(steps):
        work.touched[:] = 0
        ruin(problem, new, place_to_look_at(work, unserved), size, work.random, work.touched)
        recreate(problem, work, idle, BLINK)
        left, new_s = absent(new), new.cost_s.sum()
        bearable_s = cost_s - heat_s * math.log(1.0 - uniform(work.random))
        better = left < unserved or (left == unserved and new_s < bearable_s)
        if goal >= 0 and left + unserved > 0:
            better = rather(work, better)
        if better:
            copy_touched(new, now, work.touched)
            unserved, cost_s = left, new_s
            if left < fewest or (left == fewest and new_s < least_s - EQUAL_S):
                copy_all(now, best)
                fewest, least_s = left, new_s
            if left <= goal:
                return step + 1
        else:
            copy_touched(now, new, work.touched)
    return steps


@in_place
def rather(work: Work, better: bool) -> bool:
    """Whether the new plan is kept: when those it leaves out were left out less often than those of the old one, or as often and
    it is better otherwise. Counts whom it leaves out."""
    sum_now, sum_new = 0, 0
    for request in range(len(work.absences)):
        if work.now.owner[request] == NOBODY:
            sum_now += work.absences[request]
        if work.new.owner[request] == NOBODY:
            sum_new += work.absences[request]
            work.absences[request] += 1
    return sum_new < sum_now or (better and sum_new == sum_now)


@in_place
def place_to_look_at(work: Work, unserved: int) -> int:
    """A stop, often one of a request that nobody serves."""
    if unserved > 0 and uniform(work.random) < ABSENT:
        skip = below(work.random, unserved)
        for request in range(len(work.now.owner)):
            if work.now.owner[request] == NOBODY:
                if skip == 0:
                    return request + below(work.random, 2) * len(work.now.owner)
                skip -= 1
    return below(work.random, len(work.now.column))


@in_place
def recreate(problem: Problem, work: Work, idle: bool, blink: float) -> None:
    """Put in whom nobody serves, one after the other, in one of several sequences."""
    new, waiting, key, count = work.new, work.waiting, work.key, 0
    rank = below(work.random, 2 * len(problem.rank))
    for request in range(len(new.owner)):
        if new.owner[request] == NOBODY:
            mine = problem.rank[rank, request] if rank < len(problem.rank) else uniform(work.random)
            at = count
            while at > 0 and key[at - 1] > mine:
                key[at], waiting[at] = key[at - 1], waiting[at - 1]
                at -= 1
            key[at], waiting[at] = mine, request
            count += 1
    for request in waiting[:count]:
        vehicle = cheapest(problem, new, work.prices, request, idle, blink, work.random)
        if vehicle >= 0:
            pickup, dropoff = work.prices.pickup[request, vehicle], work.prices.dropoff[request, vehicle]
            insert(problem, new, request, vehicle, pickup, dropoff)
            work.touched[vehicle] = 1


@in_place
def absent(state: State) -> int:
    """How many requests nobody serves."""
    count = 0
    for owner in state.owner:
        count += owner == NOBODY
    return count


@in_place
def copy_touched(source: State, target: State, touched: Numbers) -> None:
    for vehicle in range(len(touched)):
        if touched[vehicle]:
            copy_tour(source, target, vehicle)
    copy_owners(source, target)
