"""Who gets what, once every pair has its price: by flow, or greedily."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.parameters import Parameters, Policy


def assign(
    job: Ints, driver: Ints, cost_s: Floats, price_s: Floats, capacity: Ints, age_s: Floats, parameters: Parameters,
    seed: int,
) -> tuple[Flags, float]:  # fmt: skip
    """(which edges carry a job bool[edges], cost of the whole in seconds) under the policy in force.

    job, driver, cost_s   [edges], the pairs and what each costs, seconds, grouped by job
    price_s, age_s        float64[jobs], what leaving a job costs, and how long it has been open
    capacity              int64[drivers], jobs that a driver may get

    Of equals the seed decides.
    """
    if parameters.policy is Policy.NEAREST:
        carries = oldest_first(job, driver, cost_s, capacity, age_s, seed)
        left = np.ones(len(price_s), dtype=np.bool_)
        left[job[carries]] = False
        return carries, float(cost_s[carries].sum() + price_s[left].sum())
    # Loads the compiler, which only who solves a flow has to wait for.
    from shared.dispatch.engine.matching import match

    return match(job, driver, cost_s, price_s, capacity, parameters.surcharge_s, seed)


def oldest_first(job: Ints, driver: Ints, cost_s: Floats, capacity: Ints, age_s: Floats, seed: int) -> Flags:
    """bool[edges]: each job, oldest first, to the cheapest of its candidates with capacity left."""
    carries = np.zeros(len(job), dtype=np.bool_)
    left = capacity.tolist()
    turn = np.empty(len(age_s), dtype=np.int64)
    turn[np.lexsort((np.random.default_rng(seed).permutation(len(age_s)), -age_s))] = np.arange(len(age_s))
    served = -1
    for edge in np.lexsort((cost_s, turn[job])).tolist():
        if job[edge] != served and left[driver[edge]]:
            served = job[edge]
            left[driver[edge]] -= 1
            carries[edge] = True
    return carries
