"""solve: from what a tick knows to what it decides."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.assignment import assign
from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.exploration import explore
from shared.dispatch.engine.parameters import Parameters, Policy
from shared.dispatch.engine.plan import Plan, Reason, Terms
from shared.dispatch.engine.problem import Problem, Roads
from shared.dispatch.engine.scoring import Edges, score, unavoidable_s
from shared.dispatch.engine.timing import free_rate, holding_price, in_time, latest_pickup

GROUNDS = tuple(Reason)
"""Reasons by number, to be set for many jobs at once."""


def solve(problem: Problem, parameters: Parameters, seed: int) -> Plan:
    """The cheapest plan. The same problem, parameters and seed give the same plan, bit for bit.

    Raises ValueError when the roads are not measured yet (`roads.measure`).
    """
    if problem.roads is None:
        raise ValueError("measure the roads of the problem before solving it")
    roads, jobs, capacity = problem.roads, problem.jobs, problem.drivers.capacity
    edges = _playable(problem, roads, parameters)
    terms = score(problem, roads, edges, parameters)
    holding_s = _holding_price(problem, roads, edges, terms, parameters)
    unavoidable = unavoidable_s(problem, roads, parameters)
    price_s = np.minimum(wait_price(problem, edges.job, terms, unavoidable, parameters), holding_s)
    carries, cost_s = assign(edges.job, edges.driver, terms.cost, price_s, capacity, jobs.age_s, parameters, seed)
    matched = np.flatnonzero(carries)
    drawn = explore(matched, edges.job, edges.driver, terms.cost, parameters.exploration, seed)
    now = in_time(edges.idle_s[drawn.edge], parameters.timing)
    chosen, not_yet = drawn.edge[now], drawn.edge[~now]
    waiting = np.flatnonzero(np.bincount(edges.job[chosen], minlength=len(jobs)) == 0)
    return Plan(
        weights_version=parameters.weights.version,
        acceptance_version=parameters.acceptance.version,
        seed=seed,
        job=edges.job,
        driver=edges.driver,
        approach_s=edges.approach_s,
        eta_s=edges.eta_s,
        terms=terms,
        chosen=chosen,
        propensity=drawn.propensity[now],
        explored=drawn.explored[now],
        not_yet=not_yet,
        waiting=waiting,
        reasons=_reasons(problem, edges, drawn.edge, not_yet, np.isfinite(holding_s), waiting, parameters),
        wait_price_s=price_s,
        cost_s=cost_s + float(terms.cost[drawn.edge].sum() - terms.cost[matched].sum()),
    )


def wait_price(problem: Problem, job: Ints, terms: Terms, unavoidable: Floats, parameters: Parameters) -> Floats:
    """float64[jobs]: the price of leaving each job for the next slot, seconds.

    It starts from what the job would cost anyway, whoever drives, at the job's least willing candidate: so a late job
    is not left behind for being late. On top come the dearest avoidable cost of any pair (a penalty near the largest
    edge keeps the solver fast), a margin, and what grows while the job waits: nobody waits for ever.
    """
    jobs, waiting = problem.jobs, parameters.waiting
    least_willing = np.ones(len(jobs))
    np.minimum.at(least_willing, job, terms.p_accept)
    anyway = unavoidable / least_willing
    dearest = np.max(terms.cost - anyway[job], initial=0.0)
    patience = waiting.rate * jobs.age_s * (1.0 + jobs.age_s / waiting.doubling_s) + waiting.urgency_s * jobs.attempts
    return anyway + dearest + waiting.hold_s + patience


def _holding_price(problem: Problem, roads: Roads, edges: Edges, terms: Terms, parameters: Parameters) -> Floats:
    """float64[jobs]: +inf but for the jobs to hold. NEAREST knows no price of waiting, and holds nothing."""
    jobs, timing = problem.jobs, parameters.timing
    if not (timing.hold and len(edges.job)) or parameters.policy is Policy.NEAREST:
        return np.full(len(jobs), np.inf)
    free = np.count_nonzero(problem.drivers.capacity)
    return holding_price(
        job=edges.job,
        way_s=problem.drivers.available_s[edges.driver] + edges.approach_s,
        travel=terms.travel,
        p_accept=terms.p_accept,
        cost_s=terms.cost,
        pickup_s=latest_pickup(jobs.ready_s, jobs.promised_s, roads.carry_s, parameters.clockwork.pickup_dwell_s),
        share=np.maximum(np.bincount(edges.job, minlength=len(jobs)) - 1, 0) / free,
        rate=free_rate(problem.region.busy_drivers, timing.cycle_s),
        timing=timing,
    )


def _playable(problem: Problem, roads: Roads, parameters: Parameters) -> Edges:
    """The candidates within reach, of jobs that are not too early."""
    timely = problem.jobs.ready_s <= parameters.horizon_s
    return Edges.of(problem, roads, (roads.approach_s <= parameters.reach_s) & timely[roads.job], parameters)


def _reasons(
    problem: Problem, edges: Edges, matched: Ints, not_yet: Ints, held: Flags, waiting: Ints, parameters: Parameters
) -> tuple[Reason, ...]:
    """Why each waiting job waits: `matched` edges have their drivers, those of them `not_yet` are offered later."""
    jobs, drivers = problem.shape
    roads = problem.roads
    if roads is None or not (len(waiting) and drivers):
        return (Reason.NO_DRIVERS,) * len(waiting)
    has_room = np.bincount(edges.driver[matched], minlength=drivers) < problem.drivers.capacity
    # From the weakest ground to the strongest: what is written last is what really stands in the way.
    ground = np.full(jobs, GROUNDS.index(Reason.NO_CANDIDATES))
    ground[roads.job] = GROUNDS.index(Reason.OUT_OF_REACH)
    ground[roads.job[roads.approach_s <= parameters.reach_s]] = GROUNDS.index(Reason.TOO_EARLY)
    ground[edges.job] = GROUNDS.index(Reason.DRIVERS_TAKEN)
    ground[edges.job[has_room[edges.driver]]] = GROUNDS.index(Reason.WAITING_IS_CHEAPER)
    ground[held] = GROUNDS.index(Reason.HELD)
    ground[edges.job[not_yet]] = GROUNDS.index(Reason.NOT_YET)
    return tuple(GROUNDS[position] for position in ground[waiting].tolist())
