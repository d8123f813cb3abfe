"""Writing a plan: the offers, a row each, and what the tick saw of them, all in one row."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from shared.dispatch import arrays
from shared.dispatch.arrays import Column
from shared.dispatch.engine import Plan, Problem, acceptance_features, to_bytes
from shared.dispatch.engine.columns import Ints, Strings
from shared.dispatch.laps import Laps
from shared.dispatch.packed import texts
from shared.dispatch.rules import OFFER_TTL, escalated_minor
from shared.storage.connection import Row, Statement
from shared.storage.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The jobs that this tick alone may give away until it commits, str[jobs]: the task that an offer of the job names, a
    trip's first, and its order. Both are empty where somebody else had the job."""

    task_id: Strings
    order_id: Strings

    @classmethod
    def of(cls, row: Row) -> Self:
        """What `hold` gave."""
        return cls(texts(row["task_ids"]), texts(row["order_ids"]))


def hold(problem: Problem) -> Statement:
    """Lock the jobs that are still free: sent before the engine decides about them, so that Postgres locks meanwhile."""
    return _HOLD, {"job_ids": arrays.packed(problem.jobs.id)}


def offers(
    work: Work, region_id: str, tick_id: str, problem: Problem, plan: Plan, held: Held, laps: Laps
) -> tuple[int, bytes]:
    """Make the plan's offers and log them. A pair whose task, trip or driver is no longer free is left out.

    Gives how many were made, and the problem's replay file, which is written while Postgres writes the offers.
    """
    places = np.flatnonzero(held.order_id[plan.job[plan.chosen]] != "")
    if not len(places):
        return 0, to_bytes(problem)
    asked = _asked(work, problem, plan, held, plan.chosen[places])
    parameters = {
        "region_id": region_id,
        "tick_id": tick_id,
        "now": work.now,
        "expires_at": work.now + OFFER_TTL,
        **{name: arrays.packed(column) for name, column in asked.items()},
    }
    rows, replay = work.attempt(
        (_offer(asked, ""), parameters),
        _LOG,
        lambda: _log(tick_id, problem, plan, asked["offer_id"], places),
        lambda: to_bytes(problem),
    )
    alone = rows is not None
    if rows is None:
        rows = work.run(_offer(asked, "ON CONFLICT DO NOTHING"), **parameters)
    made = int(rows[0]["made"])
    if not (alone and made == len(places)):
        there = texts(work.run(_MADE, offer_ids=parameters["offer_id"])[0]["offer_ids"])
        kept = np.isin(asked["offer_id"], there)
        work.run_later(_UNLOG, tick_id=tick_id)
        work.run_later(_LOG, **_log(tick_id, problem, plan, asked["offer_id"][kept], places[kept]))
    laps.end("offers")
    return made, replay


def _asked(work: Work, problem: Problem, plan: Plan, held: Held, edges: Ints) -> dict[str, Column]:
    job, driver = plan.job[edges], plan.driver[edges]
    first_minor, attempts = problem.jobs.payout_minor[job].tolist(), problem.jobs.attempts[job].tolist()
    return {
        "offer_id": arrays.ids("ofr", work.now, work.entropy, len(edges)),
        "job_id": problem.jobs.id[job],
        "task_id": held.task_id[job],
        "order_id": held.order_id[job],
        "driver_id": problem.drivers.id[driver],
        "payout_minor": np.array(list(map(escalated_minor, first_minor, attempts)), dtype=np.int64),
    }


def _offer(asked: dict[str, Column], on_conflict: str) -> str:
    return _OFFER.format(asked=arrays.rows(asked), on_conflict=on_conflict)


def _log(tick_id: str, problem: Problem, plan: Plan, offer_ids: Column, places: Ints) -> dict[str, Any]:
    columns = {"offer_ids": offer_ids, **seen(problem, plan, places)}
    return {
        "tick_id": tick_id,
        "weights_version": plan.weights_version,
        "router": problem.roads.router if problem.roads else "",
        **{name: arrays.packed(column) for name, column in columns.items()},
    }


def seen(problem: Problem, plan: Plan, places: Ints) -> dict[str, Column]:
    """The columns of `tick_logs`, `LOGGED`, for the chosen edges at these places: what the model of acceptance will learn
    from, and every term of the cost. Times are seconds."""
    edges = plan.chosen[places]
    job, driver = plan.job[edges], plan.driver[edges]
    jobs, drivers, terms = problem.jobs, problem.drivers, plan.terms
    features = acceptance_features(problem, plan, edges)
    return {
        "candidates": np.bincount(plan.job)[job],
        "approach_s": plan.approach_s[edges],
        "eta_s": plan.eta_s[edges],
        "idle_s": features.idle_s,
        "ready_s": jobs.ready_s[job],
        "age_s": jobs.age_s[job],
        "attempts": features.attempts,
        "restricted": jobs.restricted[job],
        "acceptance": drivers.acceptance[driver],
        "history": features.history,
        "rating": drivers.rating[driver],
        "pay_doublings": features.pay_doublings,
        "night": np.full(len(edges), features.night),
        "hour_of_day": np.full(len(edges), problem.region.hour_of_day),
        "travel": terms.travel[edges],
        "lateness": terms.lateness[edges],
        "eta": terms.eta[edges],
        "risk": terms.risk[edges],
        "fairness": terms.fairness[edges],
        "zone": terms.zone[edges],
        "p_accept": terms.p_accept[edges],
        "propensity": plan.propensity[places],
        "explored": plan.explored[places],
    }


LOGGED = (
    "candidates", "approach_s", "eta_s", "idle_s", "ready_s", "age_s", "attempts", "restricted", "acceptance", "history",
    "rating", "pay_doublings", "night", "hour_of_day", "travel", "lateness", "eta", "risk", "fairness", "zone", "p_accept",
    "propensity", "explored",
)  # fmt: skip

# In the order of the problem's jobs.
_HOLD = """
    WITH job AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:job_ids AS text[])) WITH ORDINALITY AS j(job_id, place)
    ), task AS (
        SELECT t.task_id AS job_id, t.task_id, t.order_id
        FROM tasks t JOIN job ON job.job_id = t.task_id WHERE t.status = 'open' AND t.trip_id IS NULL
        FOR NO KEY UPDATE OF t SKIP LOCKED
    ), trip AS (
        SELECT t.trip_id FROM trips t JOIN job ON job.job_id = t.trip_id WHERE t.status = 'planned'
        FOR NO KEY UPDATE OF t SKIP LOCKED
    ), free AS (
        SELECT * FROM task
        UNION ALL
        SELECT trip_id, task_id, order_id FROM trip, LATERAL (
            SELECT t.task_id, t.order_id FROM tasks t JOIN trip_tasks x USING (trip_id, task_id)
            WHERE t.trip_id = trip.trip_id ORDER BY x.pickup_seq LIMIT 1) AS first
    )
    SELECT string_agg(coalesce(task_id, ''), ',' ORDER BY place) AS task_ids,
           string_agg(coalesce(order_id, ''), ',' ORDER BY place) AS order_ids
    FROM job LEFT JOIN free USING (job_id)
"""

# Looking for a rival offer before each row takes long, and nearly always there is none: first it is tried without, and the log
# of all offers is on its way already. Where a rival was met, the log is written again.
_OFFER = """
    WITH made AS (
        INSERT INTO offers (offer_id, task_id, trip_id, order_id, driver_id, region_id, tick_id, status, payout_minor,
                            offered_at, expires_at)
        SELECT offer_id, task_id, CASE WHEN job_id <> task_id THEN job_id END, order_id, driver_id, :region_id, :tick_id,
               'offered', payout_minor, :now, :expires_at
        FROM {asked}
        WHERE NOT EXISTS (SELECT FROM trips t WHERE t.driver_id = row.driver_id AND t.status = 'active')
        {on_conflict}
        RETURNING offer_id
    )
    SELECT count(*) AS made FROM made
"""
_MADE = "SELECT string_agg(offer_id, ',') AS offer_ids FROM offers WHERE offer_id = ANY(CAST(:offer_ids AS text[]))"
_LOG = f"""
    INSERT INTO tick_logs (tick_id, weights_version, router, offer_ids, {", ".join(LOGGED)})
    VALUES (:tick_id, :weights_version, :router, :offer_ids, {", ".join(f":{name}" for name in LOGGED)})
"""
_UNLOG = "DELETE FROM tick_logs WHERE tick_id = :tick_id"
