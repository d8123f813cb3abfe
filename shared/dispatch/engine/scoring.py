"""Price every candidate pair under the policy in force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine import acceptance, costs
from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.parameters import Parameters, Policy
from shared.dispatch.engine.plan import Plan, Terms
from shared.dispatch.engine.problem import Problem, Roads

SCORE_SCALE_S = 1_000.0
"""A pair that scores worst on all four lines of the weighted score costs this much."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The candidates still in play, with the times that decide whether they are; all of shape [edges]."""

    job: Ints
    driver: Ints
    approach_s: Floats
    eta_s: Floats
    idle_s: Floats
    stale_s: Floats

    @classmethod
    def of(cls, problem: Problem, roads: Roads, kept: Flags, parameters: Parameters) -> Edges:
        at = slice(None) if kept.all() else kept
        job, driver, approach_s = roads.job[at], roads.driver[at], roads.approach_s[at]
        ready_s, available_s = problem.jobs.ready_s[job], problem.drivers.available_s[driver]
        return cls(
            job,
            driver,
            approach_s,
            eta_s=costs.eta(available_s, approach_s, ready_s, roads.carry_s[job], parameters.clockwork),
            idle_s=costs.idle(available_s, approach_s, ready_s),
            stale_s=costs.stale(available_s, approach_s, ready_s),
        )


def score(problem: Problem, roads: Roads, edges: Edges, parameters: Parameters) -> Terms:
    """Weighted terms of each edge, seconds."""
    match parameters.policy:
        case Policy.MIN_COST_FLOW:
            return _objective(problem, edges, roads.carry_s, parameters)
        case Policy.WEIGHTED_SCORE:
            return _weighted_score(problem, edges, parameters)
        case Policy.NEAREST:
            return _way(problem, edges)


def unavoidable_s(problem: Problem, roads: Roads, parameters: Parameters) -> Floats:
    """float64[jobs]: what a job costs even with a driver at its door and sure to accept; 0 where only drivers are weighed."""
    if parameters.policy is not Policy.MIN_COST_FLOW:
        return np.zeros(len(problem.jobs))
    here, clockwork, weights = np.zeros(len(problem.jobs)), parameters.clockwork, parameters.weights
    eta_s = costs.eta(here, here, problem.jobs.ready_s, roads.carry_s, clockwork)
    late_s = costs.lateness(eta_s, problem.jobs.promised_s, clockwork.lateness_knee_s)
    back_s = costs.carry_back(problem.jobs.refusal_rate, roads.carry_s)
    return weights.eta * eta_s + weights.lateness * late_s + weights.carry_back * back_s


def acceptance_features(problem: Problem, plan: Plan, edges: Ints) -> acceptance.Features:
    """What the acceptance model saw of these of the plan's edges: what it will learn from."""
    job, driver, approach_s = plan.job[edges], plan.driver[edges], plan.approach_s[edges]
    ready_s, available_s = problem.jobs.ready_s[job], problem.drivers.available_s[driver]
    idle_s = costs.idle(available_s, approach_s, ready_s)
    stale_s = costs.stale(available_s, approach_s, ready_s)
    return _features(problem, Edges(job, driver, approach_s, plan.eta_s[edges], idle_s, stale_s))


def _objective(problem: Problem, edges: Edges, carry_s: Floats, parameters: Parameters) -> Terms:
    jobs, drivers, region = problem.jobs, problem.drivers, problem.region
    weights, margins, clockwork = parameters.weights, parameters.margins, parameters.clockwork
    j, d = edges.job, edges.driver
    effort_s = costs.effort(edges.eta_s, edges.idle_s, edges.stale_s, clockwork)
    late_s = costs.lateness(edges.eta_s, jobs.promised_s[j], clockwork.lateness_knee_s)
    failure = costs.risk(
        costs.driver_risk(drivers.failure_rate, drivers.position_age_s, margins)[d],
        costs.document_risk(drivers.documents_left_s[d], edges.eta_s, margins.documents_s),
        costs.shift_risk(drivers.shift_left_s[d], edges.eta_s, jobs.restricted[j], margins.shift_s),
    )
    scarcity = costs.scarcity(region.zone_supply, region.zone_demand)
    return _priced(
        travel=weights.travel * edges.approach_s,
        lateness=weights.lateness * late_s,
        eta=weights.eta * effort_s,
        risk=weights.risk * failure + (weights.carry_back * costs.carry_back(jobs.refusal_rate, carry_s))[j],
        fairness=weights.fairness * costs.fairness(drivers.paid_rate, region.median_paid_rate)[d],
        zone=weights.zone * costs.zone(drivers.zone[d], jobs.zone[j], scarcity),
        p_accept=parameters.acceptance.probability(_features(problem, edges)),
    )


def _features(problem: Problem, edges: Edges) -> acceptance.Features:
    payout_minor = problem.jobs.payout_minor[edges.job]
    work_s = edges.eta_s - problem.drivers.available_s[edges.driver]
    return acceptance.Features(
        history=acceptance.history(problem.drivers.acceptance)[edges.driver],
        approach_s=edges.approach_s,
        idle_s=edges.idle_s,
        pay_doublings=acceptance.pay_doublings(payout_minor, work_s, problem.region.median_paid_rate),
        attempts=problem.jobs.attempts[edges.job],
        night=acceptance.night(problem.region.hour_of_day),
    )


def _weighted_score(problem: Problem, edges: Edges, parameters: Parameters) -> Terms:
    """Distance 40 %, rating 25 %, acceptance 20 %, load 15 %.

    Distance counts as travel, load as fairness, rating and acceptance together as risk; the other terms are 0.
    """
    drivers, d = problem.drivers, edges.driver
    standing = 0.25 * (1.0 - drivers.rating / 5.0) + 0.20 * (1.0 - drivers.acceptance)
    occupation = 0.15 * drivers.load / (drivers.load + 1.0)
    return _plain(
        travel=SCORE_SCALE_S * 0.40 * np.minimum(edges.approach_s / parameters.reach_s, 1.0),
        risk=SCORE_SCALE_S * standing[d],
        fairness=SCORE_SCALE_S * occupation[d],
    )


def _way(problem: Problem, edges: Edges) -> Terms:
    """Nothing but the seconds until the driver is at the store."""
    nothing = np.zeros(len(edges.job))
    return _plain(problem.drivers.available_s[edges.driver] + edges.approach_s, nothing, nothing)


def _plain(travel: Floats, risk: Floats, fairness: Floats) -> Terms:
    nothing = np.zeros(len(travel))
    certain = np.ones(len(travel))
    return _priced(
        travel=travel, lateness=nothing, eta=nothing, risk=risk, fairness=fairness, zone=nothing, p_accept=certain
    )


def _priced(**terms: Floats) -> Terms:
    weighted_s = terms["travel"] + terms["lateness"] + terms["eta"] + terms["risk"] + terms["fairness"] + terms["zone"]
    # Credits must not turn the price negative: divided by p_accept it would then favour the driver likelier to refuse.
    return Terms(**terms, cost=np.maximum(weighted_s, 0.0) / terms["p_accept"])
