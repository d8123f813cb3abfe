"""The matching: which candidate drivers get the jobs, at the least cost of the whole.

A min-cost flow from jobs over drivers to one sink: every job sends one unit, either through a candidate or straight to the sink
at the price of waiting, so a solution always exists. A driver's capacity is a row of places, each dearer than the one before.
All supplies being one, it is an assignment, and `paths` solves it to optimality.
"""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.paths import WAITS, cheapest_matching

SCALE = 1_000
"""Costs are compared in whole milliseconds."""


def match(
    job: Ints, driver: Ints, cost_s: Floats, wait_price_s: Floats, capacity: Ints, surcharge_s: float, seed: int
) -> tuple[Flags, float]:
    """(which edges carry a job bool[edges], cost of the whole in seconds).

    job, driver, cost_s   [edges], grouped by job
    wait_price_s          float64[jobs], what leaving a job costs
    capacity              int64[drivers], jobs that a driver may get; the nth costs n - 1 times `surcharge_s` more
    seed                  decides between equally cheap plans, so that nobody gains by standing first in a table
    """
    random, jobs, edges = np.random.default_rng(seed), len(wait_price_s), len(job)
    room = np.minimum(capacity, np.bincount(driver, minlength=len(capacity)))
    offered = room[driver]
    edge = np.repeat(np.arange(edges), offered)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(offered) - offered, offered)
    cost = np.rint((cost_s[edge] + surcharge_s * nth) * SCALE).astype(np.int64)
    wait = np.rint(wait_price_s * SCALE).astype(np.int64)
    choices = np.bincount(job[edge], minlength=jobs)
    begins = np.concatenate(([0], np.cumsum(choices)))
    chosen = cheapest_matching(
        begins=begins,
        firsts=begins[:-1] + (random.random(jobs) * choices).astype(np.int64),
        job=job[edge],
        place=(np.cumsum(room) - room)[driver[edge]] + nth,
        cost=cost,
        wait=wait,
        places=int(room.sum()),
        turns=random.permutation(jobs),
    )
    served = chosen[chosen != WAITS]
    carries = np.zeros(edges, dtype=np.bool_)
    carries[edge[served]] = True
    return carries, float(cost[served].sum() + wait[chosen == WAITS].sum()) / SCALE
