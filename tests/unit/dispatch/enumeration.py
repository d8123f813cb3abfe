"""The oracle: every plan there is, one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from shared.dispatch.engine import Plan, Problem

Choice = int | None
"""The driver a job goes to, or None when it waits."""


def every_plan(tick: Problem, plan: Plan, surcharge_s: float) -> Iterator[tuple[tuple[Choice, ...], float]]:
    """Each way to give every job to one of its candidates or to nobody within the drivers' capacity, and its cost."""
    options = [_options(plan, job) for job in range(len(tick.jobs))]
    for combination in itertools.product(*options):
        choices = tuple(choice for choice, _ in combination)
        uses = np.bincount([choice for choice in choices if choice is not None], minlength=len(tick.drivers))
        if np.all(uses <= tick.drivers.capacity):
            surcharges_s = surcharge_s * float(np.sum(uses * (uses - 1) // 2))
            yield choices, sum(cost_s for _, cost_s in combination) + surcharges_s


def _options(plan: Plan, job: int) -> list[tuple[Choice, float]]:
    edges = np.flatnonzero(plan.job == job)
    served: list[tuple[Choice, float]] = [(int(plan.driver[e]), float(plan.terms.cost[e])) for e in edges]
    return [(None, float(plan.wait_price_s[job])), *served]
