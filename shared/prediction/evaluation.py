"""What other parameters of dispatch would have got, told from the ticks that were logged: each is solved again under them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from shared.dispatch.announcements import OF_TICK
from shared.dispatch.engine import Acceptance, Parameters, Plan, Problem, acceptance_features, from_bytes, solve
from shared.prediction.models import incumbent
from shared.prediction.off_policy import Decisions, Evaluation, evaluate
from shared.storage.connection import Row
from shared.storage.work import Work

Progress = Callable[[int, int], None]
"""Is told of ticks done, and of how many there are."""


class NothingLogged(ValueError):
    """There is no decision that the log and the other parameters could be compared by."""


@dataclass(frozen=True, slots=True)
class Report:
    """acceptance: probability that an offer is taken. click_to_pickup: seconds from the order to its pickup, when one tick
    decides by the other parameters and all later ones as they did; None while nothing was picked up.

    ticks    that were solved again
    waiting  logged offers whose order the other parameters would have let wait: they are in neither estimate
    """

    acceptance: Evaluation
    click_to_pickup: Evaluation | None
    ticks: int
    waiting: int


@dataclass(frozen=True, slots=True)
class _Compared:
    """One logged offer beside what the other parameters do with its order. `at_store_s` and `p_accept` of either choice.

    elapsed_s   from the order to the tick
    pickup_s    from the order to its pickup, None before it
    """

    tick: int
    propensity: float
    same: bool
    accepted: bool
    elapsed_s: float
    pickup_s: float | None
    p_accept: tuple[float, float]
    at_store_s: tuple[float, float]


def of_parameters(
    work: Work, parameters: Parameters, *, region_id: str | None, since: datetime, progress: Progress
) -> Report:
    """Raises NothingLogged."""
    model, ticks = incumbent(work), work.run(_TICKS, region_id=region_id, since=since)
    compared: list[_Compared] = []
    waiting = 0
    for number, tick in enumerate(ticks):
        offers = work.run(_OFFERS, tick_id=tick["tick_id"])
        found = _compare(number, work.run(_TICK, tick_id=tick["tick_id"])[0], offers, parameters, model)
        compared += found
        waiting += len(offers) - len(found)
        progress(number + 1, len(ticks))
    if not compared:
        raise NothingLogged(
            "No answered offer of a tick is in the log for this region and time. Choose an earlier --since."
        )
    picked_up = [one for one in compared if one.pickup_s is not None]
    return Report(
        acceptance=evaluate(_acceptance(compared)),
        click_to_pickup=evaluate(_click_to_pickup(picked_up)) if picked_up else None,
        ticks=len(ticks),
        waiting=waiting,
    )


def _undrawn(parameters: Parameters) -> Parameters:
    """The same without exploration, whose draws would be the very ones that the log was made with."""
    return replace(parameters, exploration=replace(parameters.exploration, rate=0.0))


def _compare(number: int, tick: Row, offers: list[Row], parameters: Parameters, model: Acceptance) -> list[_Compared]:
    problem = from_bytes(bytes(tick["problem"]))
    then = _Solved(problem, solve(problem, Parameters.from_dict(tick["parameters"]), tick["seed"]), model)
    other = _Solved(problem, solve(problem, _undrawn(parameters), tick["seed"]), model)
    compared = []
    for offer in offers:
        was, would_be = then.choice(offer["job_id"]), other.choice(offer["job_id"])
        if was is None or would_be is None:
            continue
        compared.append(
            _Compared(
                tick=number,
                propensity=offer["propensity"],
                same=would_be.driver_id == offer["driver_id"],
                accepted=offer["accepted"],
                elapsed_s=offer["elapsed_s"],
                pickup_s=offer["pickup_s"],
                p_accept=(was.p_accept, would_be.p_accept),
                at_store_s=(was.at_store_s, would_be.at_store_s),
            )
        )
    return compared


@dataclass(frozen=True, slots=True)
class _Choice:
    """`at_store_s`: until driver and goods are both there, and the goods are handed over."""

    driver_id: str
    p_accept: float
    at_store_s: float


class _Solved:
    """What a plan chooses for each job (a task or a trip), with what the acceptance model says of it."""

    def __init__(self, problem: Problem, plan: Plan, model: Acceptance) -> None:
        p_accept = model.probability(acceptance_features(problem, plan, plan.chosen))
        job = plan.job[plan.chosen]
        carry_s = problem.roads.carry_s[job] if problem.roads else np.zeros(len(job))
        columns = (problem.drivers.id[plan.driver[plan.chosen]], p_accept, plan.eta_s[plan.chosen] - carry_s)
        choices = [_Choice(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        self._choices = dict(zip(problem.jobs.id[job].tolist(), choices, strict=True))

    def choice(self, job_id: str) -> _Choice | None:
        return self._choices.get(job_id)


def _acceptance(compared: list[_Compared]) -> Decisions:
    return _decisions(
        compared,
        reward=[float(one.accepted) for one in compared],
        modelled=[one.p_accept[0] for one in compared],
        counterfactual=[one.p_accept[1] for one in compared],
    )


def _click_to_pickup(compared: list[_Compared]) -> Decisions:
    """The outcome's model: the driver comes to the store if the offer is taken, and else another one, later by what a
    failed offer cost on average in the log."""
    failed = [(one.pickup_s or 0.0) - one.elapsed_s - one.at_store_s[0] for one in compared if not one.accepted]
    delay_s = sum(failed) / len(failed) if failed else 0.0

    def expected(one: _Compared, which: int) -> float:
        return one.elapsed_s + one.at_store_s[which] + (1.0 - one.p_accept[which]) * delay_s

    return _decisions(
        compared,
        reward=[one.pickup_s or 0.0 for one in compared],
        modelled=[expected(one, 0) for one in compared],
        counterfactual=[expected(one, 1) for one in compared],
    )


def _decisions(
    compared: list[_Compared], reward: list[float], modelled: list[float], counterfactual: list[float]
) -> Decisions:
    return Decisions(
        cluster=np.array([one.tick for one in compared], dtype=np.int64),
        propensity=np.array([one.propensity for one in compared]),
        target=np.array([float(one.same) for one in compared]),
        reward=np.array(reward),
        modelled=np.array(modelled),
        counterfactual=np.array(counterfactual),
    )


_TICKS = """
    SELECT tick_id FROM ticks
    WHERE at >= :since AND offers > 0 AND (CAST(:region_id AS text) IS NULL OR region_id = :region_id)
    ORDER BY tick_id
"""
_TICK = "SELECT seed, parameters, problem FROM ticks WHERE tick_id = :tick_id"
_OFFERS = f"""
    SELECT coalesce(o.trip_id, o.task_id) AS job_id, o.driver_id, o.status = 'accepted' AS accepted, l.propensity,
           CAST(extract(epoch FROM o.offered_at - m.created_at) AS float8) AS elapsed_s,
           CAST(extract(epoch FROM m.picked_up_at - m.created_at) AS float8) AS pickup_s
    FROM offers o JOIN offer_logs l USING (offer_id) JOIN order_moments m USING (order_id)
    WHERE {OF_TICK} AND l.tick_id = :tick_id AND o.status IN ('accepted', 'rejected', 'expired')
    ORDER BY o.offer_id
"""
