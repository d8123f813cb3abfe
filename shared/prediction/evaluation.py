"""What other parameters of dispatch would have got, told from the ticks that were logged: each is solved again under them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

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


def _compare(number: int, tick: Row, offers: list[Row], parameters: Parameters, model: Acceptance) -> list[_Compared]:
    problem = from_bytes(bytes(tick["problem"]))
    then = _Solved.of(problem, solve(problem, Parameters.from_dict(tick["parameters"]), tick["seed"]), model)
    other = _Solved.of(problem, solve(problem, parameters, tick["seed"]), model)
    compared = []
    for offer in offers:
        edges = then.chosen.get(offer["task_id"]), other.chosen.get(offer["task_id"])
        if edges[0] is None or edges[1] is None:
            continue
        compared.append(
            _Compared(
                tick=number,
                propensity=offer["propensity"],
                same=other.driver(edges[1]) == offer["driver_id"],
                accepted=offer["accepted"],
                elapsed_s=offer["elapsed_s"],
                pickup_s=offer["pickup_s"],
                p_accept=(float(then.p_accept[edges[0]]), float(other.p_accept[edges[1]])),
                at_store_s=(then.at_store_s(edges[0]), other.at_store_s(edges[1])),
            )
        )
    return compared


@dataclass(frozen=True, slots=True)
class _Solved:
    """A plan with what the acceptance model says of its edges, and the chosen edge of each task."""

    problem: Problem
    plan: Plan
    p_accept: np.ndarray
    chosen: dict[str, int]

    @classmethod
    def of(cls, problem: Problem, plan: Plan, model: Acceptance) -> "_Solved":
        tasks = problem.jobs.id[plan.job[plan.chosen]].tolist()
        p_accept = model.probability(acceptance_features(problem, plan))
        return cls(problem, plan, p_accept, dict(zip(tasks, plan.chosen.tolist(), strict=True)))

    def driver(self, edge: int) -> str:
        return str(self.problem.drivers.id[self.plan.driver[edge]])

    def at_store_s(self, edge: int) -> float:
        """Until driver and goods are both there, and the goods are handed over."""
        roads = self.problem.roads
        carry_s = roads.carry_s[self.plan.job[edge]] if roads else 0.0
        return float(self.plan.eta_s[edge] - carry_s)


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
_OFFERS = """
    SELECT o.task_id, o.driver_id, o.status = 'accepted' AS accepted, l.propensity,
           CAST(extract(epoch FROM o.offered_at - m.created_at) AS float8) AS elapsed_s,
           CAST(extract(epoch FROM m.picked_up_at - m.created_at) AS float8) AS pickup_s
    FROM offers o JOIN offer_logs l USING (offer_id) JOIN order_moments m USING (order_id)
    WHERE o.tick_id = :tick_id AND o.status IN ('accepted', 'rejected', 'expired')
    ORDER BY o.offer_id
"""
