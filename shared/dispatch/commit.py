"""Writing a plan: the offers, and what the tick saw of each, a table per statement."""

import numpy as np

from shared.dispatch import arrays
from shared.dispatch.arrays import Column, packed
from shared.dispatch.engine import Plan, Problem, acceptance_features, to_bytes
from shared.dispatch.engine.columns import Flags, Ints, Strings
from shared.dispatch.laps import Laps
from shared.dispatch.rules import OFFER_TTL, escalated_minor
from shared.storage.work import Work


def offers(work: Work, region_id: str, tick_id: str, problem: Problem, plan: Plan, laps: Laps) -> tuple[int, bytes]:
    """Make the plan's offers. A pair whose task, trip or driver is no longer free is left out.

    Gives how many were made, and the problem's replay file, which is written while Postgres writes the offers.
    """
    edges = plan.chosen
    if not len(edges):
        return 0, to_bytes(problem)
    offer_ids = np.array(sorted(work.new_ids("ofr", len(edges))))
    proposed = _proposed(work, region_id, tick_id, problem, plan, offer_ids)
    rows, (columns, replay) = work.attempt(
        _OFFER_ALL, lambda: (seen(problem, plan, edges), to_bytes(problem)), **proposed
    )
    if rows is None:
        rows = work.run(_OFFER_WHOM_NOBODY_ELSE_DID, **proposed)
    made = _which(offer_ids, rows[0]["offer_ids"])
    laps.end("offers")
    if made.any():
        columns |= {"offer_id": offer_ids, "propensity": plan.propensity, "explored": plan.explored}
        router = problem.roads.router if problem.roads else ""
        same = {"tick_id": tick_id, "weights_version": plan.weights_version, "router": router}
        sql, parameters = arrays.insert("offer_logs", same, {name: column[made] for name, column in columns.items()})
        work.run_later(sql, **parameters)
    laps.end("logs")
    return int(np.count_nonzero(made)), replay


def _proposed(
    work: Work, region_id: str, tick_id: str, problem: Problem, plan: Plan, offer_ids: Strings
) -> dict[str, object]:
    job, driver = plan.job[plan.chosen], plan.driver[plan.chosen]
    first_minor, attempts = problem.jobs.payout_minor[job].tolist(), problem.jobs.attempts[job].tolist()
    return {
        "offer_ids": packed(offer_ids),
        "job_ids": packed(problem.jobs.id[job]),
        "driver_ids": packed(problem.drivers.id[driver]),
        "payouts_minor": packed(np.array(list(map(escalated_minor, first_minor, attempts)), dtype=np.int64)),
        "region_id": region_id,
        "tick_id": tick_id,
        "now": work.now,
        "expires_at": work.now + OFFER_TTL,
    }


def _which(offer_ids: Strings, made: str | None) -> Flags:
    """bool[offers]: which of them were made."""
    known = set(made.split(",")) if made else set()
    return np.array([offer_id in known for offer_id in offer_ids.tolist()])


def seen(problem: Problem, plan: Plan, edges: Ints) -> dict[str, Column]:
    """The columns of `offer_logs`: what the model of acceptance will learn from, and every term of the cost.

    Times are seconds. A new column is a line here and one in the migration.
    """
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
    }


# Looking for a rival offer before each row takes a third of the statement's time. Nearly always there is none.
_OFFER = """
    WITH proposed AS (
        SELECT * FROM unnest(CAST(:offer_ids AS text[]), CAST(:job_ids AS text[]), CAST(:driver_ids AS text[]),
            CAST(:payouts_minor AS bigint[])) AS p(offer_id, job_id, driver_id, payout_minor)
    ), task AS (
        SELECT t.task_id AS job_id, t.task_id, t.order_id, CAST(NULL AS text) AS trip_id
        FROM tasks t JOIN proposed ON proposed.job_id = t.task_id WHERE t.status = 'open' AND t.trip_id IS NULL
        FOR NO KEY UPDATE OF t SKIP LOCKED
    ), trip AS (
        SELECT t.trip_id FROM trips t JOIN proposed ON proposed.job_id = t.trip_id WHERE t.status = 'planned'
        FOR NO KEY UPDATE OF t SKIP LOCKED
    ), free AS (
        SELECT * FROM task
        UNION ALL
        SELECT trip_id, task_id, order_id, trip_id FROM trip, LATERAL (
            SELECT t.task_id, t.order_id FROM tasks t JOIN trip_tasks x USING (trip_id, task_id)
            WHERE t.trip_id = trip.trip_id ORDER BY x.pickup_seq LIMIT 1) AS first
    ), made AS (
        INSERT INTO offers (offer_id, task_id, trip_id, order_id, driver_id, region_id, tick_id, status, payout_minor,
                            offered_at, expires_at)
        SELECT p.offer_id, free.task_id, free.trip_id, free.order_id, p.driver_id, :region_id, :tick_id, 'offered',
               p.payout_minor, :now, :expires_at
        FROM proposed p JOIN free USING (job_id)
        WHERE NOT EXISTS (SELECT FROM trips held WHERE held.driver_id = p.driver_id AND held.status = 'active')
        {on_conflict}
        RETURNING offer_id
    )
    SELECT string_agg(offer_id, ',') AS offer_ids FROM made
"""
_OFFER_ALL = _OFFER.format(on_conflict="")
_OFFER_WHOM_NOBODY_ELSE_DID = _OFFER.format(on_conflict="ON CONFLICT DO NOTHING")
