"""Explaining and replaying ticks: a stored problem is solved again, bit for bit, and every decision is laid open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from shared.dispatch.announcements import OF_TICK
from shared.dispatch.engine import Explanation, Parameters, Plan, Problem, explain, from_bytes, solve
from shared.dispatch.states import TaskStatus
from shared.kernel.errors import NotFound
from shared.kernel.ids import first_id
from shared.storage.connection import Row
from shared.storage.retention import TICKS_KEPT
from shared.storage.work import Work

LATEST = 5
"""Ticks told of an order that only waited."""


@dataclass(frozen=True, slots=True)
class ExplainedTick:
    """`orders` names the orders of each explained job, in the sequence of their pickups, by the job's (task's or trip's) id."""

    tick_id: str
    at: datetime
    explanations: tuple[Explanation, ...]
    orders: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Replay:
    """`decided` is what the stored problem gives now, `made` the offers of then; both (task or trip, driver). `unmade` were
    decided, then and now, for a job or a driver that was taken before the offers were written."""

    tick_id: str
    at: datetime
    decided: frozenset[tuple[str, str]]
    made: frozenset[tuple[str, str]]

    @property
    def unmade(self) -> frozenset[tuple[str, str]]:
        return self.decided - self.made

    @property
    def same(self) -> bool:
        return self.made <= self.decided


def replay(work: Work, tick_id: str) -> Replay:
    """Raises NotFound."""
    stored = _read(work, tick_id)
    pairs = zip(stored.plan.job[stored.plan.chosen], stored.plan.driver[stored.plan.chosen], strict=True)
    ids = stored.problem.jobs.id, stored.problem.drivers.id
    decided = frozenset((str(ids[0][job]), str(ids[1][driver])) for job, driver in pairs)
    made = frozenset((row["job_id"], row["driver_id"]) for row in work.run(_MADE, tick_id=tick_id))
    return Replay(tick_id, stored.at, decided, made)


def explain_order(work: Work, order_id: str) -> list[tuple[str, datetime, Explanation]]:
    """(tick, when, decision) of every tick that made an offer for the order, oldest first.

    Of an order that only waited, the latest `LATEST` ticks that saw it. Raises NotFound when no tick has.
    """
    offered = work.run(_TICKS_OF_ORDER, order_id=order_id)
    told = []
    for row in offered or _waited(work, order_id):
        stored = _read(work, row["tick_id"])
        for job in np.flatnonzero(np.isin(stored.problem.jobs.id, row["job_ids"])):
            told.append((row["tick_id"], stored.at, explain(stored.problem, stored.plan, stored.parameters, int(job))))
    if not told:
        raise NotFound(
            f"No tick has seen order {order_id}: it has no task yet, or the task is not open to dispatch yet."
        )
    return told


def _waited(work: Work, order_id: str) -> list[Row]:
    """(tick_id, job_ids) of the latest ticks in the order's region from when its delivery was open, oldest first."""
    task = work.one(_DELIVERY, order_id=order_id)
    if task is None:
        return []
    ended_at = work.now if task["status"] == TaskStatus.OPEN else task["updated_at"]
    since, until = first_id("tck", task["open_from"]), first_id("tck", ended_at + timedelta(milliseconds=1))
    rows = work.run(_TICKS_SINCE, region_id=task["region_id"], since=since, until=until, latest=LATEST)
    job_ids = [task["task_id"], *task["trip_ids"]]
    return [{"tick_id": row["tick_id"], "job_ids": job_ids} for row in reversed(rows)]


@dataclass(frozen=True, slots=True)
class _Stored:
    at: datetime
    problem: Problem
    parameters: Parameters
    plan: Plan


def _read(work: Work, tick_id: str) -> _Stored:
    row = work.one(_TICK, tick_id=tick_id)
    if row is None:
        raise NotFound(f"There is no tick {tick_id}. Ticks are kept for {TICKS_KEPT.days} days.")
    problem, parameters = from_bytes(bytes(row["problem"])), Parameters.from_dict(row["parameters"])
    return _Stored(row["at"], problem, parameters, solve(problem, parameters, row["seed"]))


def explain_tick(work: Work, tick_id: str, *, limit: int = 50) -> ExplainedTick:
    """The first `limit` jobs of a tick. Raises NotFound."""
    stored = _read(work, tick_id)
    jobs = range(min(limit, len(stored.problem.jobs)))
    explanations = tuple(explain(stored.problem, stored.plan, stored.parameters, job) for job in jobs)
    job_ids = [explanation.job_id for explanation in explanations]
    orders = {row["job_id"]: tuple(row["order_ids"]) for row in work.run(_ORDERS, job_ids=job_ids)}
    return ExplainedTick(tick_id, stored.at, explanations, orders)


_TICK = "SELECT at, seed, parameters, problem FROM ticks WHERE tick_id = :tick_id"
_ORDERS = """
    SELECT task_id AS job_id, ARRAY[order_id] AS order_ids FROM tasks WHERE task_id = ANY(CAST(:job_ids AS text[]))
    UNION ALL
    SELECT x.trip_id, array_agg(t.order_id ORDER BY x.pickup_seq) FROM trip_tasks x JOIN tasks t USING (task_id)
    WHERE x.trip_id = ANY(CAST(:job_ids AS text[])) GROUP BY x.trip_id
"""
_MADE = f"SELECT coalesce(o.trip_id, o.task_id) AS job_id, o.driver_id FROM offers o WHERE {OF_TICK}"
_TICKS_OF_ORDER = """
    SELECT tick_id, ARRAY[coalesce(trip_id, task_id)] AS job_ids
    FROM (
        SELECT o.* FROM tasks t JOIN offers o USING (task_id) WHERE t.order_id = :order_id AND o.trip_id IS NULL
        UNION ALL
        SELECT o.* FROM tasks t JOIN trip_tasks x USING (task_id) JOIN offers o ON o.trip_id = x.trip_id
        WHERE t.order_id = :order_id
    ) AS made
    WHERE tick_id IS NOT NULL ORDER BY offer_id
"""
_DELIVERY = """
    SELECT task_id, region_id, status, open_from, updated_at,
           ARRAY(SELECT x.trip_id FROM trip_tasks x WHERE x.task_id = t.task_id) AS trip_ids
    FROM tasks t WHERE order_id = :order_id AND kind = 'delivery'
"""
_TICKS_SINCE = """
    SELECT tick_id FROM ticks WHERE region_id = :region_id AND tick_id >= :since AND tick_id < :until
    ORDER BY tick_id DESC LIMIT :latest
"""
