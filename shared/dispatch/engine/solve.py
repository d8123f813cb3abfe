"""solve: from what a tick knows to what it decides."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.matching import SCALE, flow, network
from shared.dispatch.engine.parameters import Parameters
from shared.dispatch.engine.plan import Plan, Reason, Terms
from shared.dispatch.engine.problem import Problem, Roads
from shared.dispatch.engine.scoring import Edges, score, unavoidable_s


def solve(problem: Problem, parameters: Parameters, seed: int) -> Plan:
    """The cheapest plan. The same problem, parameters and seed give the same plan, bit for bit.

    Raises ValueError when the roads are not measured yet (`roads.measure`), SolverFailed when the solver gives up.
    """
    if problem.roads is None:
        raise ValueError("measure the roads of the problem before solving it")
    edges = _playable(problem, problem.roads, parameters)
    terms = score(problem, edges, parameters)
    price_s = wait_price(problem, edges.job, terms, unavoidable_s(problem, problem.roads, parameters), parameters)
    capacity = problem.drivers.capacity
    net = network(edges.job, edges.driver, terms.cost, price_s, capacity, parameters.surcharge_s, seed)
    carries, cost = flow(net)
    served = np.zeros(len(problem.jobs), dtype=np.bool_)
    served[edges.job[carries]] = True
    waiting = np.flatnonzero(~served)
    return Plan(
        weights_version=parameters.weights.version,
        acceptance_version=parameters.acceptance.version,
        seed=seed,
        job=edges.job,
        driver=edges.driver,
        approach_s=edges.approach_s,
        eta_s=edges.eta_s,
        terms=terms,
        chosen=np.flatnonzero(carries),
        waiting=waiting,
        reasons=_reasons(problem, problem.roads, edges, edges.driver[carries], waiting, parameters),
        wait_price_s=price_s,
        cost_s=cost / SCALE,
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


def _playable(problem: Problem, roads: Roads, parameters: Parameters) -> Edges:
    """The candidates within reach, of jobs that are not too early."""
    timely = problem.jobs.ready_s <= parameters.horizon_s
    return Edges.of(problem, roads, (roads.approach_s <= parameters.reach_s) & timely[roads.job], parameters)


def _reasons(
    problem: Problem, roads: Roads, edges: Edges, taken: Ints, waiting: Ints, parameters: Parameters
) -> tuple[Reason, ...]:
    jobs, drivers = problem.shape
    if not (len(waiting) and drivers):
        return (Reason.NO_DRIVERS,) * len(waiting)
    has_room = np.bincount(taken, minlength=drivers) < problem.drivers.capacity
    near = roads.job[roads.approach_s <= parameters.reach_s]
    # From the weakest ground to the strongest: what is written last is what really stood in the way.
    reason = np.full(jobs, Reason.NO_CANDIDATES, dtype=object)
    reason[roads.job] = Reason.OUT_OF_REACH
    reason[near] = Reason.TOO_EARLY
    reason[edges.job] = Reason.DRIVERS_TAKEN
    reason[edges.job[has_room[edges.driver]]] = Reason.WAITING_IS_CHEAPER
    return tuple(reason[waiting])
