"""Reading a region into the engine's arrays: one statement per table, columns as packed binary floats."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from shared.dispatch.engine import Drivers, Jobs, Problem, Region
from shared.dispatch.engine.columns import Floats, Ints, Strings
from shared.dispatch.laps import Laps
from shared.dispatch.packed import EPOCH, Columns, packed, packed_times, seconds_until
from shared.dispatch.rules import COOL_DOWN, FRESH, SHARED_BASE_MINOR
from shared.dispatch.zones import snapshot as zones
from shared.dispatch.zones.cells import NOWHERE, Zoning
from shared.dispatch.zones.snapshot import Zones
from shared.storage.connection import Row, Statement
from shared.storage.work import Work

TRAITS = np.dtype([
    ("rating", ">f4"), ("offers_sent", ">i4"), ("offers_accepted", ">i4"), ("tasks_failed", ">i4"), ("earned_minor", ">i8"),
    ("online_s", ">i8"), ("online_since", ">i8"), ("shift_ends_at", ">i8"), ("documents_until", ">i4"),
])  # fmt: skip
"""The column `drivers.traits`: minor units, seconds, and microseconds or days since `EPOCH`."""

OFFERS_PRIOR, ACCEPTED_PRIOR, FAILED_PRIOR = 10.0, 9.0, 0.2
"""What a driver's rates are until they are known: as if ten offers had been sent, nine taken, and 0.2 of ten tasks failed."""

FIRST_RATE_S = 600.0
"""A driver who has worked for less is not yet said to earn anything an hour."""


def read(work: Work, region_id: str, timezone: str, laps: Laps) -> Problem:
    """What the region's tick sees now. Raises nothing of its own; empty tables are a legal problem."""
    now = work.now
    with work.pipeline(
        zones.statement(work, region_id),
        _drivers_statement(work, region_id),
        (_JOBS, {"region_id": region_id, "now": now, "shared_base_minor": SHARED_BASE_MINOR}),
        (_COOLING, {"region_id": region_id, "since": now - COOL_DOWN}),
    ) as answers:
        seen = zones.known(answers.rows()[0])
        laps.end("zones")
        row = answers.rows()[0]
        drivers = _drivers(row, seen.zoning, now)
        laps.end("drivers")
        jobs = _jobs(answers.rows()[0], seen.zoning, now)
        laps.end("jobs")
        excluded = _excluded(answers.rows()[0], jobs, drivers)
        laps.end("cooling")
    region = _region(jobs, drivers, row["busy"], seen, timezone, now)
    return Problem(jobs=jobs, drivers=drivers, region=region, excluded=excluded)


def free_drivers(work: Work, region_id: str) -> Drivers:
    """Who may be offered work now, whatever their zone."""
    sql, params = _drivers_statement(work, region_id)
    return _drivers(work.run(sql, **params)[0], NOWHERE, work.now)


def _drivers_statement(work: Work, region_id: str) -> Statement:
    return _DRIVERS, {"region_id": region_id, "now": work.now, "fresh_after": work.now - FRESH}


def _jobs(row: Row, zoning: Zoning, now: datetime) -> Jobs:
    table = Columns(row)
    pickup_lat, pickup_lng = table.floats("pickup_lat"), table.floats("pickup_lng")
    return Jobs(
        id=table.ids,
        pickup_lat=pickup_lat,
        pickup_lng=pickup_lng,
        dropoff_lat=table.floats("dropoff_lat"),
        dropoff_lng=table.floats("dropoff_lng"),
        ready_s=table.seconds("ready_at", now),
        promised_s=table.seconds("promised_at", now),
        carry_s=table.floats("carry_s"),
        payout_minor=table.floats("payout_minor").astype(np.int64),
        attempts=table.floats("attempts").astype(np.int32),
        restricted=table.floats("restricted") > 0,
        age_s=-table.seconds("open_from", now),
        zone=zoning.locate(pickup_lat, pickup_lng),
        refusal_rate=table.floats("refusal_rate"),
    )


def _drivers(row: Row, zoning: Zoning, now: datetime) -> Drivers:
    table = Columns(row)
    count = len(table.ids)
    lat, lng = table.floats("lat"), table.floats("lng")
    traits = table.records("traits", TRAITS)
    accepted, earned_minor = traits["offers_accepted"].astype(np.float64), traits["earned_minor"].astype(np.float64)
    worked_s = traits["online_s"] - seconds_until(traits["online_since"], now)
    return Drivers(
        id=table.ids,
        lat=lat,
        lng=lng,
        available_s=np.zeros(count),
        capacity=np.ones(count, dtype=np.int32),
        load=np.zeros(count, dtype=np.int32),
        position_age_s=np.maximum(-table.seconds("at", now), 0.0),
        rating=traits["rating"].astype(np.float64),
        acceptance=(accepted + ACCEPTED_PRIOR) / (traits["offers_sent"] + OFFERS_PRIOR),
        failure_rate=np.minimum((traits["tasks_failed"] + FAILED_PRIOR) / (accepted + OFFERS_PRIOR), 1.0),
        paid_rate=np.where(worked_s < FIRST_RATE_S, 0.0, earned_minor * 3600 / np.maximum(worked_s, FIRST_RATE_S)),
        shift_left_s=seconds_until(traits["shift_ends_at"], now),
        documents_left_s=_seconds_to_day(traits["documents_until"], now),
        zone=zoning.locate(lat, lng),
    )


def _seconds_to_day(days: Ints, now: datetime) -> Floats:
    """From now to the beginning of each day, UTC; +inf for infinity."""
    seconds = days.astype(np.float64) * 86400 - (now - EPOCH).total_seconds()
    return np.where(days == np.iinfo(np.int32).max, np.inf, seconds)


def _region(jobs: Jobs, drivers: Drivers, busy: int, seen: Zones, timezone: str, now: datetime) -> Region:
    """A zone's supply are the drivers free in it now; its demand the work that waits there and what is expected."""
    local = now.astimezone(ZoneInfo(timezone))
    return Region(
        hour_of_day=local.hour + local.minute / 60,
        median_paid_rate=float(np.median(drivers.paid_rate)) if len(drivers) else 0.0,
        zone_supply=_per_zone(drivers.zone, len(seen.zoning)),
        zone_demand=_per_zone(jobs.zone, len(seen.zoning)) + seen.demand,
        busy_drivers=busy,
    )


def _per_zone(zone: Ints, zones_known: int) -> Floats:
    return np.bincount(zone[zone >= 0], minlength=zones_known).astype(np.float64)


def _excluded(row: Row, jobs: Jobs, drivers: Drivers) -> Ints:
    """int32[n, 2]: pairs (job, driver) whose last offer failed a short while ago."""
    if row["job_ids"] is None:
        return np.zeros((0, 2), dtype=np.int32)
    failed, cooling = row["job_ids"].split(","), row["driver_ids"].split(",")
    job_at, driver_at = _places(jobs.id, set(failed)), _places(drivers.id, set(cooling))
    pairs = [(job_at.get(job, -1), driver_at.get(driver, -1)) for job, driver in zip(failed, cooling, strict=True)]
    found = np.array(pairs, dtype=np.int32)
    return found[(found >= 0).all(axis=1)]


def _places(ids: Strings, wanted: set[str]) -> dict[str, int]:
    """Where those among the wanted ids stand that are there."""
    return {each: place for place, each in enumerate(ids.tolist()) if each in wanted}


# A planned trip is one job, under the trip's id: from its first store to its last door, bound by whichever order is readied
# last and whichever promise is nearest, both moved along the planned way.
_TRIPS = """
    SELECT trip_id, min(pickup_lat) FILTER (WHERE first_stop), min(pickup_lng) FILTER (WHERE first_stop),
           min(dropoff_lat) FILTER (WHERE last_stop), min(dropoff_lng) FILTER (WHERE last_stop),
           max(ready_at - make_interval(secs => pickup_s)), min(promised_at + make_interval(secs => carry_s - dropoff_s)),
           sum(payout_minor) - (count(*) - 1) * CAST(:shared_base_minor AS bigint), max(attempts), bool_or(restricted),
           min(open_from), 1 - exp(sum(ln(greatest(1 - refusal_rate, 1e-9)))), carry_s
    FROM (
        SELECT t.*, p.carry_s, x.pickup_s, x.dropoff_s, x.pickup_seq = min(x.pickup_seq) OVER trip AS first_stop,
               x.dropoff_seq = max(x.dropoff_seq) OVER trip AS last_stop
        FROM trips p JOIN trip_tasks x USING (trip_id) JOIN tasks t USING (trip_id, task_id)
        WHERE p.region_id = :region_id AND p.status = 'planned' AND t.status = 'open'
          AND NOT EXISTS (SELECT FROM offers o WHERE o.trip_id = p.trip_id AND o.status = 'offered')
        WINDOW trip AS (PARTITION BY trip_id)
    ) AS planned
    GROUP BY trip_id, carry_s HAVING min(open_from) <= :now
"""

# Rows come in no order: the matching's seed shuffles them anyway.
_JOBS = f"""
    SELECT string_agg(task_id, ',') AS ids, {packed_times("ready_at", "promised_at", "open_from")}, {packed(
        "pickup_lat", "pickup_lng", "dropoff_lat", "dropoff_lng", "payout_minor", "attempts", "restricted", "refusal_rate",
        "carry_s")}
    FROM (
        SELECT task_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, ready_at, promised_at, open_from,
               CAST(payout_minor AS float8) AS payout_minor,
               CAST(attempts AS float8) AS attempts,
               CAST(CAST(restricted AS integer) AS float8) AS restricted,
               refusal_rate, carry_s
        FROM (
            SELECT task_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, ready_at, promised_at, payout_minor, attempts,
                   restricted, open_from, refusal_rate, CAST('NaN' AS float8) AS carry_s
            FROM tasks t
            WHERE region_id = :region_id AND status = 'open' AND open_from <= :now AND trip_id IS NULL
              AND NOT EXISTS (SELECT FROM offers o WHERE o.task_id = t.task_id AND o.status = 'offered')
            UNION ALL ({_TRIPS})
        ) AS waiting
    ) AS job
"""  # fmt: skip

_DRIVERS = f"""
    SELECT (SELECT count(*) FROM trips t WHERE t.region_id = :region_id AND t.status = 'active') AS busy,
           string_agg(driver_id, ',') AS ids, {packed("lat", "lng")}, {packed_times("at")},
           string_agg(traits, '') AS traits
    FROM (
        SELECT d.driver_id, p.lat, p.lng, p.at, d.traits
        FROM drivers d JOIN driver_positions p USING (driver_id, region_id)
        WHERE region_id = :region_id AND d.online AND p.at >= :fresh_after
          AND (d.shift_ends_at IS NULL OR d.shift_ends_at > :now)
          AND (d.documents_until IS NULL OR d.documents_until >= (
                SELECT CAST(CAST(:now AS timestamptz) AT TIME ZONE timezone AS date) FROM regions WHERE region_id = :region_id))
          AND NOT EXISTS (SELECT FROM offers o WHERE o.driver_id = d.driver_id AND o.status = 'offered')
          AND NOT EXISTS (SELECT FROM trips t WHERE t.driver_id = d.driver_id AND t.status = 'active')
    ) AS driver
"""  # fmt: skip

FAILED = "(o.status IN ('rejected', 'expired') AND o.ended_at > :since OR o.reason = 'released')"
"""Of an offer `o`: its driver is not asked again for the task yet. Whom an operator relieved of it is never asked again."""

# A trip is out of bounds for everyone who failed with one of its tasks, alone or in another trip. Each failed offer counts as
# an attempt of its tasks, so only tasks with attempts are looked up, each in the indexes: the table of offers only ever grows.
_COOLING = f"""
    SELECT string_agg(job_id, ',') AS job_ids, string_agg(driver_id, ',') AS driver_ids
    FROM (
        SELECT DISTINCT coalesce(t.trip_id, t.task_id) AS job_id, failed.driver_id
        FROM tasks t CROSS JOIN LATERAL (
            SELECT o.driver_id FROM offers o WHERE o.task_id = t.task_id AND {FAILED}
            UNION ALL
            SELECT o.driver_id FROM trip_tasks x JOIN offers o USING (trip_id) WHERE x.task_id = t.task_id AND {FAILED}
        ) AS failed
        WHERE t.region_id = :region_id AND t.status = 'open' AND t.attempts > 0
    ) AS cooling
"""
