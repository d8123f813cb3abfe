"""Why a job went to its driver, by how much, and what would have happened otherwise."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.matching import SCALE, flow, network
from shared.dispatch.engine.parameters import Parameters
from shared.dispatch.engine.plan import Plan, Reason, Terms
from shared.dispatch.engine.problem import Problem

LETTERS = {
    "travel": "T",
    "lateness": "L",
    "eta": "E",
    "risk": "R",
    "fairness": "F",
    "zone": "Z",
    "p_accept": "p_accept",
}
"""The names of the terms in the objective as it is written down."""

PROHIBITIVE_S = 1e7
"""Dearer than any honest pair or wait, by far."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One driver who was weighed. `cost` and T, L, E, R, F, Z are weighted seconds, p_accept is a probability."""

    driver_id: str
    cost: float
    approach_s: float
    eta_s: float
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision on one job.

    chosen_driver_id   None when the job waits; `reason` then says why, else it is None
    candidates         cheapest first
    wait_price         what waiting would have cost, comparable with a candidate's cost
    runner_up_id       who gets the job in the best plan without the present choice; None when it would wait
    margin_s           how much dearer that other plan is as a whole: the choice stands until its cost changes by as
                       much; None when there is no other plan
    decisive_term      the term that speaks most for the choice against the runner-up, if both are drivers
    """

    job_id: str
    chosen_driver_id: str | None
    reason: Reason | None
    candidates: tuple[Candidate, ...]
    wait_price: float
    runner_up_id: str | None
    margin_s: float | None
    decisive_term: str | None


def explain(problem: Problem, plan: Plan, parameters: Parameters, job: int) -> Explanation:
    """Explain the decision on row `job` of the problem that `plan` solved. Solves the matching once more."""
    edges = np.flatnonzero(plan.job == job)
    chosen = next((int(edge) for edge in plan.chosen if plan.job[edge] == job), None)
    if not len(edges):
        return _without_choice(problem, plan, job)
    other, margin_s = _counterfactual(problem, plan, parameters, job, chosen)
    return Explanation(
        job_id=str(problem.jobs.id[job]),
        chosen_driver_id=None if chosen is None else _driver_id(problem, plan, chosen),
        reason=_reason(plan, job),
        candidates=tuple(_candidate(problem, plan, int(edge)) for edge in edges[np.argsort(plan.terms.cost[edges])]),
        wait_price=float(plan.wait_price_s[job]),
        runner_up_id=None if other is None else _driver_id(problem, plan, other),
        margin_s=margin_s,
        decisive_term=None if chosen is None or other is None else _decisive(plan.terms, chosen, other),
    )


def _without_choice(problem: Problem, plan: Plan, job: int) -> Explanation:
    return Explanation(
        str(problem.jobs.id[job]), None, _reason(plan, job), (), float(plan.wait_price_s[job]), None, None, None
    )


def _counterfactual(
    problem: Problem, plan: Plan, parameters: Parameters, job: int, chosen: int | None
) -> tuple[int | None, float]:
    """The job's edge in the best plan that decides otherwise on it (None: it waits), and how much dearer that is."""
    cost_s, price_s = plan.terms.cost.copy(), plan.wait_price_s.copy()
    barred: Floats = price_s if chosen is None else cost_s
    barred[job if chosen is None else chosen] = PROHIBITIVE_S
    capacity = problem.drivers.capacity
    net = network(plan.job, plan.driver, cost_s, price_s, capacity, parameters.surcharge_s, plan.seed)
    carries, cost = flow(net)
    taken = np.flatnonzero(carries & (plan.job == job))
    return (int(taken[0]) if len(taken) else None), cost / SCALE - plan.cost_s


def _candidate(problem: Problem, plan: Plan, edge: int) -> Candidate:
    return Candidate(
        driver_id=_driver_id(problem, plan, edge),
        cost=float(plan.terms.cost[edge]),
        approach_s=float(plan.approach_s[edge]),
        eta_s=float(plan.eta_s[edge]),
        terms={letter: float(getattr(plan.terms, name)[edge]) for name, letter in LETTERS.items()},
    )


def _decisive(terms: Terms, chosen: int, other: int) -> str:
    """The letter of the term on which the runner-up loses most, each term counted as it enters the price."""
    weighted = [field.name for field in fields(terms) if field.name not in ("p_accept", "cost")]
    loss_s = {name: float(getattr(terms, name)[other] - getattr(terms, name)[chosen]) for name in weighted}
    total_s = sum(float(getattr(terms, name)[other]) for name in weighted)
    loss_s["p_accept"] = total_s * float(1.0 / terms.p_accept[other] - 1.0 / terms.p_accept[chosen])
    return LETTERS[max(loss_s, key=lambda name: loss_s[name])]


def _driver_id(problem: Problem, plan: Plan, edge: int) -> str:
    return str(problem.drivers.id[plan.driver[edge]])


def _reason(plan: Plan, job: int) -> Reason | None:
    at = np.flatnonzero(plan.waiting == job)
    return plan.reasons[int(at[0])] if len(at) else None
