"""Reading a region into the engine's arrays: one statement per table, columns as packed binary floats.

`string_agg(float8send(x), '')` and `numpy.frombuffer` read 35,000 rows six times as fast as rows of Python values.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from shared.dispatch.engine import Drivers, Jobs, Problem, Region
from shared.dispatch.engine.columns import Floats
from shared.dispatch.rules import COOL_DOWN, SHARED_BASE_MINOR
from shared.storage.connection import Row
from shared.storage.work import Work

FRESH = timedelta(minutes=3)
"""A driver whose last position is older is not offered work."""


def read(work: Work, region_id: str, timezone: str, *, fresh: timedelta = FRESH) -> Problem:
    """What the region's tick sees now. Raises nothing of its own; empty tables are a legal problem."""
    now = work.now
    jobs = _jobs(work.run(_JOBS, region_id=region_id, now=now, shared_base_minor=SHARED_BASE_MINOR)[0])
    drivers = _drivers(work.run(_DRIVERS, region_id=region_id, now=now, fresh_after=now - fresh)[0])
    excluded = _excluded(work, region_id, jobs, drivers, now)
    return Problem(jobs=jobs, drivers=drivers, region=_region(drivers, timezone, now), excluded=excluded)


def _jobs(row: Row) -> Jobs:
    table = _Columns(row)
    return Jobs(
        id=table.ids,
        pickup_lat=table.floats("pickup_lat"),
        pickup_lng=table.floats("pickup_lng"),
        dropoff_lat=table.floats("dropoff_lat"),
        dropoff_lng=table.floats("dropoff_lng"),
        ready_s=table.floats("ready_s"),
        promised_s=table.floats("promised_s"),
        carry_s=table.floats("carry_s"),
        payout_minor=table.floats("payout_minor").astype(np.int64),
        attempts=table.floats("attempts").astype(np.int32),
        restricted=table.floats("restricted") > 0,
        age_s=table.floats("age_s"),
        zone=np.full(len(table.ids), -1, dtype=np.int32),
    )


def _drivers(row: Row) -> Drivers:
    table = _Columns(row)
    count = len(table.ids)
    return Drivers(
        id=table.ids,
        lat=table.floats("lat"),
        lng=table.floats("lng"),
        available_s=np.zeros(count),
        capacity=np.ones(count, dtype=np.int32),
        load=np.zeros(count, dtype=np.int32),
        position_age_s=table.floats("position_age_s"),
        rating=table.floats("rating"),
        acceptance=table.floats("acceptance"),
        failure_rate=np.zeros(count),
        paid_rate=table.floats("paid_rate"),
        shift_left_s=table.floats("shift_left_s"),
        documents_left_s=table.floats("documents_left_s"),
        zone=np.full(count, -1, dtype=np.int32),
    )


def _region(drivers: Drivers, timezone: str, now: datetime) -> Region:
    local = now.astimezone(ZoneInfo(timezone))
    return Region(
        hour_of_day=local.hour + local.minute / 60,
        median_paid_rate=float(np.median(drivers.paid_rate)) if len(drivers) else 0.0,
        zone_supply=np.zeros(0),
        zone_demand=np.zeros(0),
    )


def _excluded(work: Work, region_id: str, jobs: Jobs, drivers: Drivers, now: datetime) -> np.ndarray:
    """int32[n, 2]: pairs (job, driver) whose last offer failed a short while ago."""
    if not (len(jobs) and len(drivers)):
        return np.zeros((0, 2), dtype=np.int32)
    job_at = {job_id: position for position, job_id in enumerate(jobs.id.tolist())}
    driver_at = {driver_id: position for position, driver_id in enumerate(drivers.id.tolist())}
    pairs = [
        (job_at[row["job_id"]], driver_at[row["driver_id"]])
        for row in work.run(_COOLING, region_id=region_id, since=now - COOL_DOWN)
        if row["job_id"] in job_at and row["driver_id"] in driver_at
    ]
    return np.array(pairs, dtype=np.int32).reshape(-1, 2)


class _Columns:
    """One row of aggregated columns: `ids` joined by commas, every other column packed big-endian float64."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.ids = np.array((row["ids"] or "").split(",") if row["ids"] else [], dtype=np.str_)

    def floats(self, name: str) -> Floats:
        return np.frombuffer(self._row[name] or b"", dtype=">f8").astype(np.float64)


def _packed(*names: str) -> str:
    return ", ".join(f"string_agg(float8send({name}), '') AS {name}" for name in names)


# A planned trip is one job, under the trip's id: from its first store to its last door, bound by whichever order is readied
# last and whichever promise is nearest, both moved along the planned way.
_TRIPS = """
    SELECT p.trip_id, min(t.pickup_lat) FILTER (WHERE first_stop), min(t.pickup_lng) FILTER (WHERE first_stop),
           min(t.dropoff_lat) FILTER (WHERE last_stop), min(t.dropoff_lng) FILTER (WHERE last_stop),
           max(t.ready_at - make_interval(secs => t.pickup_s)),
           min(t.promised_at + make_interval(secs => p.carry_s - t.dropoff_s)),
           sum(t.payout_minor) - (count(*) - 1) * CAST(:shared_base_minor AS bigint), max(t.attempts),
           bool_or(t.restricted), min(t.open_from), p.carry_s
    FROM trips p
    JOIN (SELECT t.*, x.pickup_s, x.dropoff_s,
                 x.pickup_seq = min(x.pickup_seq) OVER trip AS first_stop,
                 x.dropoff_seq = max(x.dropoff_seq) OVER trip AS last_stop
          FROM tasks t JOIN trip_tasks x USING (trip_id, task_id) WHERE t.region_id = :region_id AND t.status = 'open'
          WINDOW trip AS (PARTITION BY t.trip_id)) AS t USING (trip_id)
    WHERE p.region_id = :region_id AND p.status = 'planned'
      AND NOT EXISTS (SELECT FROM offers o WHERE o.trip_id = p.trip_id AND o.status = 'offered')
    GROUP BY p.trip_id HAVING min(t.open_from) <= :now
"""

_JOBS = f"""
    SELECT string_agg(task_id, ',') AS ids, {_packed(
        "pickup_lat", "pickup_lng", "dropoff_lat", "dropoff_lng", "ready_s", "promised_s", "payout_minor", "attempts",
        "restricted", "age_s", "carry_s")}
    FROM (
        SELECT task_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng,
               CAST(extract(epoch FROM ready_at - CAST(:now AS timestamptz)) AS float8) AS ready_s,
               CAST(extract(epoch FROM promised_at - CAST(:now AS timestamptz)) AS float8) AS promised_s,
               CAST(payout_minor AS float8) AS payout_minor,
               CAST(attempts AS float8) AS attempts,
               CAST(CAST(restricted AS integer) AS float8) AS restricted,
               CAST(extract(epoch FROM CAST(:now AS timestamptz) - open_from) AS float8) AS age_s,
               carry_s
        FROM (
            SELECT task_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, ready_at, promised_at, payout_minor, attempts,
                   restricted, open_from, CAST('NaN' AS float8) AS carry_s
            FROM tasks t
            WHERE region_id = :region_id AND status = 'open' AND open_from <= :now AND trip_id IS NULL
              AND NOT EXISTS (SELECT FROM offers o WHERE o.task_id = t.task_id AND o.status = 'offered')
            UNION ALL ({_TRIPS})
        ) AS waiting
        ORDER BY task_id
    ) AS job
"""  # fmt: skip

_DRIVERS = f"""
    SELECT string_agg(driver_id, ',') AS ids, {_packed(
        "lat", "lng", "position_age_s", "rating", "acceptance", "paid_rate", "shift_left_s", "documents_left_s")}
    FROM (
        SELECT d.driver_id, p.lat, p.lng,
               greatest(0, CAST(extract(epoch FROM CAST(:now AS timestamptz) - p.at) AS float8)) AS position_age_s,
               CAST(d.rating AS float8) AS rating,
               (d.offers_accepted + 9) / CAST(d.offers_sent + 10 AS float8) AS acceptance,
               CASE WHEN d.online_s + extract(epoch FROM CAST(:now AS timestamptz) - d.online_since) < 600 THEN 0
                    ELSE CAST(d.earned_minor * 3600
                        / (d.online_s + extract(epoch FROM CAST(:now AS timestamptz) - d.online_since)) AS float8)
               END AS paid_rate,
               coalesce(CAST(extract(epoch FROM d.shift_ends_at - CAST(:now AS timestamptz)) AS float8), 'infinity')
                   AS shift_left_s,
               coalesce((SELECT CAST(extract(epoch FROM min(c.expires_on) - CAST(:now AS timestamptz)) AS float8)
                         FROM driver_documents c WHERE c.driver_id = d.driver_id AND c.status = 'verified'), 'infinity')
                   AS documents_left_s
        FROM drivers d JOIN driver_positions p USING (driver_id)
        WHERE d.region_id = :region_id AND d.online AND p.at >= :fresh_after
          AND (d.shift_ends_at IS NULL OR d.shift_ends_at > :now)
          AND NOT EXISTS (SELECT FROM offers o WHERE o.driver_id = d.driver_id AND o.status = 'offered')
          AND NOT EXISTS (SELECT FROM trips t WHERE t.driver_id = d.driver_id AND t.status = 'active')
        ORDER BY d.driver_id
    ) AS driver
"""  # fmt: skip

# Whom an operator relieved of a task is not asked again for it, however long ago that was. A trip is out of bounds for
# everyone who failed with one of its tasks, alone or in another trip.
_COOLING = """
    SELECT DISTINCT coalesce(t.trip_id, t.task_id) AS job_id, o.driver_id
    FROM offers o LEFT JOIN trip_tasks x ON x.trip_id = o.trip_id
    JOIN tasks t ON t.task_id = coalesce(x.task_id, o.task_id)
    WHERE t.region_id = :region_id AND t.status = 'open'
      AND (o.status IN ('rejected', 'expired') AND o.ended_at > :since OR o.reason = 'released')
"""
