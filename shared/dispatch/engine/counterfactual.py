"""What would have turned a decision, and by how much: the matching solved once more, with one thing changed."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.assignment import assign, oldest_first
from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.parameters import Parameters, Policy
from shared.dispatch.engine.plan import Plan
from shared.dispatch.engine.problem import Problem

PROHIBITIVE_S = 1e7
"""Dearer than any honest pair or wait, by far."""

Turned = tuple[int | None, float | None]
"""The edge the job gets instead (None: it waits), and the margin by which the decision stands (None: nothing turns it)."""


def otherwise(problem: Problem, plan: Plan, parameters: Parameters, job: int, chosen: int | None) -> Turned:
    """What becomes of a job with candidates once the decision on it turns, and the margin in seconds.

    By flow: how much dearer the best plan is that decides otherwise on the job. The choice stands until its cost, or the
    price of waiting of a job that waits, changes by as much.
    Nearest: how much further the next free candidate is; of a job that waits, how much older it would have to be.
    Matched but not to be offered yet: to whom, and the seconds until then.
    """
    later = plan.not_yet[plan.job[plan.not_yet] == job]
    if len(later):
        return _later(problem, plan, parameters, int(later[0]))
    if parameters.policy is not Policy.NEAREST:
        return _best_plan(problem, plan, parameters, job, chosen)
    return _next_nearest(problem, plan, job, chosen) if chosen is not None else _older(problem, plan, job)


def _later(problem: Problem, plan: Plan, parameters: Parameters, edge: int) -> Turned:
    job, driver = plan.job[edge], plan.driver[edge]
    idle_s = problem.jobs.ready_s[job] - problem.drivers.available_s[driver] - plan.approach_s[edge]
    return edge, float(idle_s - parameters.timing.slack_s)


def _best_plan(problem: Problem, plan: Plan, parameters: Parameters, job: int, chosen: int | None) -> Turned:
    cost_s, price_s = plan.terms.cost.copy(), plan.wait_price_s.copy()
    barred: Floats = price_s if chosen is None else cost_s
    barred[job if chosen is None else chosen] = PROHIBITIVE_S
    capacity, age_s = problem.drivers.capacity, problem.jobs.age_s
    carries, total_s = assign(plan.job, plan.driver, cost_s, price_s, capacity, age_s, parameters, plan.seed)
    taken = np.flatnonzero(carries & (plan.job == job))
    return (int(taken[0]) if len(taken) else None), total_s - plan.cost_s


def _next_nearest(problem: Problem, plan: Plan, job: int, chosen: int) -> Turned:
    kept = np.flatnonzero(np.arange(len(plan.job)) != chosen)
    cost_s, capacity, age_s = plan.terms.cost[kept], problem.drivers.capacity, problem.jobs.age_s
    carries = oldest_first(plan.job[kept], plan.driver[kept], cost_s, capacity, age_s, plan.seed)
    taken = kept[carries & (plan.job[kept] == job)]
    return (int(taken[0]), float(plan.terms.cost[taken[0]] - plan.terms.cost[chosen])) if len(taken) else (None, None)


def _older(problem: Problem, plan: Plan, job: int) -> Turned:
    """The job would have come to its turn before the youngest of those who got one of its candidates."""
    matched = np.concatenate((plan.chosen, plan.not_yet))
    rivals = plan.job[matched[np.isin(plan.driver[matched], plan.driver[plan.job == job])]]
    youngest_s = problem.jobs.age_s[rivals].min()
    age_s = problem.jobs.age_s.copy()
    age_s[job] = np.nextafter(youngest_s, np.inf)
    carries = oldest_first(plan.job, plan.driver, plan.terms.cost, problem.drivers.capacity, age_s, plan.seed)
    taken = np.flatnonzero(carries & (plan.job == job))
    return int(taken[0]), float(youngest_s - problem.jobs.age_s[job])
