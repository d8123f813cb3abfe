"""Writing a plan: offers, their logs, the drivers' messages and the expiry tasks, each table in one statement."""

import json
from typing import Any

import numpy as np

from shared.dispatch.engine import Plan, Problem, acceptance_features
from shared.dispatch.engine.acceptance import Features
from shared.dispatch.engine.explain import LETTERS
from shared.dispatch.rules import OFFER_TTL, escalated_minor
from shared.kernel.clock import rfc3339
from shared.queueing.protocol import task_name
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work

QUEUE = "offers"


def offers(work: Work, region_id: str, tick_id: str, problem: Problem, plan: Plan) -> int:
    """Make the plan's offers. A pair whose task, trip or driver is no longer free is left out. Gives how many were made."""
    proposed = [_offer(work, problem, plan, int(edge)) for edge in plan.chosen]
    if not proposed:
        return 0
    made = work.run(
        _OFFER,
        offers=json.dumps(proposed),
        region_id=region_id,
        tick_id=tick_id,
        now=work.now,
        expires_at=work.now + OFFER_TTL,
    )
    made_ids = {row["offer_id"] for row in made}
    seen = acceptance_features(problem, plan)
    logs = [_log(offer, plan, problem, seen) for offer in proposed if offer["offer_id"] in made_ids]
    work.run(_LOG, logs=json.dumps(logs), tick_id=tick_id)
    outbox.put_all(work, [message for row in made for message in messages(work, region_id, row)])
    return len(made)


def _offer(work: Work, problem: Problem, plan: Plan, edge: int) -> dict[str, Any]:
    job = plan.job[edge]
    return {
        "offer_id": work.new_id("ofr"),
        "job_id": str(problem.jobs.id[job]),
        "driver_id": str(problem.drivers.id[plan.driver[edge]]),
        "payout_minor": escalated_minor(int(problem.jobs.payout_minor[job]), int(problem.jobs.attempts[job])),
        "edge": edge,
    }


def _log(offer: dict[str, Any], plan: Plan, problem: Problem, seen: Features) -> dict[str, Any]:
    """What the model of acceptance will learn from: the features as the engine saw them, and every term of the cost.

    `model` is in the order of `prediction.acceptance.NAMES`, times in seconds.
    """
    edge = offer["edge"]
    job, driver = plan.job[edge], plan.driver[edge]
    return {
        "offer_id": offer["offer_id"],
        "weights_version": plan.weights_version,
        "router": problem.roads.router if problem.roads else "",
        "approach_s": float(plan.approach_s[edge]),
        "eta_s": float(plan.eta_s[edge]),
        "features": {
            "payout_minor": offer["payout_minor"],
            "attempts": int(problem.jobs.attempts[job]),
            "ready_s": float(problem.jobs.ready_s[job]),
            "age_s": float(problem.jobs.age_s[job]),
            "restricted": bool(problem.jobs.restricted[job]),
            "acceptance": float(problem.drivers.acceptance[driver]),
            "rating": float(problem.drivers.rating[driver]),
            "hour_of_day": problem.region.hour_of_day,
            "model": [
                float(seen.history[edge]),
                float(seen.approach_s[edge]),
                float(seen.idle_s[edge]),
                float(seen.pay_doublings[edge]),
                seen.night,
                float(seen.attempts[edge]),
            ],
            "candidates": int(np.count_nonzero(plan.job == job)),
        },
        "terms": {letter: float(getattr(plan.terms, name)[edge]) for name, letter in LETTERS.items()},
    }


def messages(work: Work, region_id: str, offer: Row) -> list[dict[str, Any]]:
    expires_at = work.now + OFFER_TTL
    told = {
        "driver_id": offer["driver_id"],
        "region_id": region_id,
        "type": "offer",
        "offer_id": offer["offer_id"],
        "task_id": offer["task_id"],
        "order_id": offer["order_id"],
        "expires_at": rfc3339(expires_at),
        "at": rfc3339(work.now),
    }
    name = task_name("expire", offer["offer_id"])
    return [
        outbox.message(work, outbox.DRIVER_EVENTS, offer["driver_id"], told, {"type": "offer"}),
        outbox.task(work, QUEUE, name, "/internal/dispatch/expire_offer", expires_at, {"offer_id": offer["offer_id"]}),
    ]


_OFFER = """
    WITH proposed AS (
        SELECT * FROM jsonb_to_recordset(CAST(:offers AS jsonb))
            AS p(offer_id text, job_id text, driver_id text, payout_minor bigint)
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
        ON CONFLICT DO NOTHING
        RETURNING offer_id, task_id, order_id, driver_id
    ), counted AS (
        UPDATE drivers SET offers_sent = offers_sent + 1 FROM made WHERE drivers.driver_id = made.driver_id
    )
    SELECT * FROM made
"""

_LOG = """
    INSERT INTO offer_logs (offer_id, tick_id, weights_version, router, approach_s, eta_s, features, terms)
    SELECT l.offer_id, :tick_id, l.weights_version, l.router, l.approach_s, l.eta_s, l.features, l.terms
    FROM jsonb_to_recordset(CAST(:logs AS jsonb)) AS l(offer_id text, weights_version text, router text,
        approach_s double precision, eta_s double precision, features jsonb, terms jsonb)
"""
