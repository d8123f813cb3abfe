"""Why a job went to its driver, by how much, and what would have happened otherwise."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from shared.dispatch.engine.counterfactual import otherwise
from shared.dispatch.engine.parameters import Parameters, Policy
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
    runner_up_id       who gets the job once the decision turns; None when it would wait
    margin_s           by how much the decision stands, None when nothing turns it (`counterfactual.otherwise`)
    decisive_term      the term that speaks most for the choice against the runner-up, if both are drivers
    propensity         the probability of the choice, given what the tick saw; None when the job waits
    explored           a draw among near equals decided: the margin is then below 0 if the draw was not the cheapest
    """

    policy: Policy
    job_id: str
    chosen_driver_id: str | None
    reason: Reason | None
    candidates: tuple[Candidate, ...]
    wait_price: float
    runner_up_id: str | None
    margin_s: float | None
    decisive_term: str | None
    propensity: float | None
    explored: bool


def explain(problem: Problem, plan: Plan, parameters: Parameters, job: int) -> Explanation:
    """Explain the decision on row `job` of the problem that `plan` solved. Solves the matching once more."""
    edges = np.flatnonzero(plan.job == job)
    chosen = next((int(edge) for edge in plan.chosen if plan.job[edge] == job), None)
    other, margin_s = otherwise(problem, plan, parameters, job, chosen) if len(edges) else (None, None)
    offer = np.flatnonzero(plan.job[plan.chosen] == job)
    return Explanation(
        policy=parameters.policy,
        job_id=str(problem.jobs.id[job]),
        chosen_driver_id=None if chosen is None else _driver_id(problem, plan, chosen),
        reason=_reason(plan, job),
        candidates=tuple(_candidate(problem, plan, int(edge)) for edge in edges[np.argsort(plan.terms.cost[edges])]),
        wait_price=float(plan.wait_price_s[job]),
        runner_up_id=None if other is None else _driver_id(problem, plan, other),
        margin_s=margin_s,
        decisive_term=None if chosen is None or other is None else _decisive(plan.terms, chosen, other),
        propensity=float(plan.propensity[offer[0]]) if len(offer) else None,
        explored=bool(plan.explored[offer].any()),
    )


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
