"""A region as Postgres holds it in a busy hour: drivers with documents and positions, open tasks with their orders, and the
offers of the hours before. Bulk-loaded, one statement per table."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from infra.bench.engine import city
from infra.local import postgres
from infra.local.postgres import PostgresServer
from shared.dispatch.engine import Problem
from shared.kernel.ids import new_id
from shared.storage.connection import Connection
from shared.storage.migrate import migrate

REGION = "bench"
QUIET = "quiet"
"""A region with one driver and one task."""


def start(folder: Path, now: datetime) -> tuple[PostgresServer, str]:
    """A durable server with an empty, migrated database, and the database's URL."""
    folder.chmod(0o755)
    server = postgres.start(folder / "postgres")
    server.ensure_database(REGION)
    url = server.database_url(REGION)
    migrate(url, now=now)
    return server, url


def fill(connection: Connection, drivers: int, jobs: int, now: datetime) -> None:
    """Replace the market by one of so many free drivers and open tasks, laid out like the engine's own bench; one of each
    is in the quiet region."""
    connection.command(
        "TRUNCATE regions, drivers, driver_documents, driver_positions, tasks, trips, offers, orders CASCADE"
    )
    connection.fetch(_REGION, {"region_id": REGION})
    seen, random = city(drivers, jobs, seed=1), np.random.default_rng(1)
    driver_ids = _ids("drv", drivers, now - timedelta(days=30), random)
    connection.fetch(_DRIVERS, {"region_id": REGION, "now": now, "ids": driver_ids, **_driver_columns(seen)})
    for statement in (_DOCUMENTS, _HISTORY):
        connection.fetch(statement, {"region_id": REGION, "now": now})
    task_ids, order_ids = (_ids(prefix, jobs, now - timedelta(minutes=5), random) for prefix in ("tsk", "ord"))
    connection.fetch(
        _TASKS, {"region_id": REGION, "now": now, "ids": task_ids, "orders": order_ids, **_task_columns(seen)}
    )
    connection.fetch(_ORDERS, {"now": now})
    connection.fetch(_FAILED, {"region_id": REGION, "now": now})
    connection.command(f"INSERT INTO regions SELECT '{QUIET}', name, timezone, lat, lng FROM regions LIMIT 1")
    for table, one in (
        ("drivers", f"driver_id = '{driver_ids[0]}'"),
        ("driver_positions", f"driver_id = '{driver_ids[0]}'"),
        ("tasks", f"task_id = '{task_ids[0]}'"),
    ):
        connection.command(f"UPDATE {table} SET region_id = '{QUIET}' WHERE {one}")
    reset(connection)


def reset(connection: Connection) -> None:
    """Undo what ticks did, and leave the tables as an autovacuum leaves them."""
    connection.command("DELETE FROM offers WHERE status = 'offered'")
    connection.command("TRUNCATE tick_logs, ticks, outbox, broker_deliveries, queue_tasks, skipped_slots")
    connection.command("UPDATE region_leases SET slot_at = 'epoch'")
    connection.command("VACUUM ANALYZE")


def _ids(prefix: str, count: int, at: datetime, random: np.random.Generator) -> list[str]:
    return [new_id(prefix, at, random.bytes) for _ in range(count)]


def _driver_columns(seen: Problem) -> dict[str, Any]:
    drivers = seen.drivers
    return {
        "lat": drivers.lat.tolist(),
        "lng": drivers.lng.tolist(),
        "position_age_s": np.minimum(drivers.position_age_s, 50.0).tolist(),
        "rating": drivers.rating.tolist(),
        "sent": np.full(len(drivers), 40).tolist(),
        "accepted": np.rint(drivers.acceptance * 40).astype(int).tolist(),
        "earned_minor": np.rint(drivers.paid_rate * 3).astype(int).tolist(),
        "shift_left_s": drivers.shift_left_s.tolist(),
    }


def _task_columns(seen: Problem) -> dict[str, Any]:
    jobs = seen.jobs
    return {
        "pickup_lat": jobs.pickup_lat.tolist(),
        "pickup_lng": jobs.pickup_lng.tolist(),
        "dropoff_lat": jobs.dropoff_lat.tolist(),
        "dropoff_lng": jobs.dropoff_lng.tolist(),
        "ready_s": jobs.ready_s.tolist(),
        "promised_s": jobs.promised_s.tolist(),
        "age_s": jobs.age_s.tolist(),
        "payout_minor": jobs.payout_minor.tolist(),
        "attempts": jobs.attempts.tolist(),
        "restricted": jobs.restricted.tolist(),
    }


_REGION = """
    INSERT INTO regions (region_id, name, timezone, lat, lng) VALUES (:region_id, 'Bench', 'America/Chicago', 32.8, -96.8)
"""
_DRIVERS = """
    WITH told AS (
        SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:lat AS float8[]), CAST(:lng AS float8[]),
            CAST(:position_age_s AS float8[]), CAST(:rating AS float8[]), CAST(:sent AS integer[]),
            CAST(:accepted AS integer[]), CAST(:earned_minor AS bigint[]), CAST(:shift_left_s AS float8[]))
            AS d(driver_id, lat, lng, age_s, rating, sent, accepted, earned_minor, shift_left_s)
    ), hired AS (
        INSERT INTO drivers (driver_id, region_id, first_name, online, online_since, shift_ends_at, vehicle, rating,
                             offers_sent, offers_accepted, earned_minor, online_s, documents_until,
                             created_at, updated_at)
        SELECT driver_id, :region_id, 'Robin', true, CAST(:now AS timestamptz) - interval '2 hours',
               CAST(:now AS timestamptz) + make_interval(secs => shift_left_s), '{"kind": "car", "make": "Prius"}', rating,
               sent, accepted, earned_minor, 3600, CAST(CAST(:now AS timestamptz) + interval '1 year' AS date), :now, :now
        FROM told
    )
    INSERT INTO driver_positions (driver_id, region_id, lat, lng, heading, at)
    SELECT driver_id, :region_id, lat, lng, 0, CAST(:now AS timestamptz) - make_interval(secs => age_s) FROM told
"""
_DOCUMENTS = """
    INSERT INTO driver_documents (document_id, driver_id, kind, vendor_token, issuer, status, expires_on, created_at, updated_at)
    SELECT 'doc_' || kind || driver_id, driver_id, kind, 'tok_' || kind, 'TX DPS', 'verified',
           CAST(CAST(:now AS timestamptz) + interval '1 year' AS date), :now, :now
    FROM drivers, unnest(ARRAY['licence', 'insurance', 'registration', 'background_check', 'driving_record', 'photo']) AS kind
    WHERE region_id = :region_id
"""
_HISTORY = """
    WITH gone AS (
        INSERT INTO trips (trip_id, region_id, driver_id, status, carry_s, created_at, started_at, ended_at)
        SELECT 'trp_0' || driver_id, :region_id, driver_id, 'done', 600, at, at, at
        FROM drivers, LATERAL (SELECT CAST(:now AS timestamptz) - interval '2 hours' AS at) AS earlier
        WHERE region_id = :region_id
        RETURNING trip_id, driver_id, created_at AS at
    ), done AS (
        INSERT INTO tasks (task_id, trip_id, order_id, region_id, kind, status, driver_id, pickup_lat, pickup_lng, dropoff_lat,
                           dropoff_lng, open_from, ready_at, promised_at, restricted, payout_minor, currency, created_at,
                           updated_at)
        SELECT 'tsk_0' || driver_id, trip_id, 'ord_0' || driver_id, :region_id, 'delivery', 'done', driver_id, 32.8, -96.8,
               32.8, -96.8, at, at, at, true, 700, 'USD', at, at
        FROM gone
        RETURNING task_id, trip_id, order_id, driver_id, created_at
    ), stopped AS (
        INSERT INTO trip_tasks (trip_id, task_id, pickup_seq, dropoff_seq, payout_minor)
        SELECT trip_id, task_id, 1, 2, 700 FROM done
    )
    INSERT INTO offers (offer_id, task_id, order_id, driver_id, region_id, tick_id, status, payout_minor, offered_at,
                        expires_at, ended_at)
    SELECT 'ofr_0' || driver_id, task_id, order_id, driver_id, :region_id, 'tck_0', 'accepted', 700, created_at,
           created_at + interval '30 seconds', created_at + interval '9 seconds'
    FROM done
"""
_TASKS = """
    INSERT INTO tasks (task_id, order_id, region_id, kind, status, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng,
                       open_from, ready_at, promised_at, restricted, payout_minor, currency, attempts, created_at, updated_at)
    SELECT task_id, order_id, :region_id, 'delivery', 'open', pickup_lat, pickup_lng, dropoff_lat, dropoff_lng,
           CAST(:now AS timestamptz) - make_interval(secs => age_s),
           CAST(:now AS timestamptz) + make_interval(secs => ready_s),
           CAST(:now AS timestamptz) + make_interval(secs => promised_s), restricted, payout_minor, 'USD', attempts, :now, :now
    FROM unnest(CAST(:ids AS text[]), CAST(:orders AS text[]), CAST(:pickup_lat AS float8[]), CAST(:pickup_lng AS float8[]),
        CAST(:dropoff_lat AS float8[]), CAST(:dropoff_lng AS float8[]), CAST(:ready_s AS float8[]),
        CAST(:promised_s AS float8[]), CAST(:age_s AS float8[]), CAST(:payout_minor AS bigint[]),
        CAST(:attempts AS integer[]), CAST(:restricted AS boolean[]))
        AS t(task_id, order_id, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, ready_s, promised_s, age_s, payout_minor,
             attempts, restricted)
"""
_ORDERS = """
    INSERT INTO orders (order_id, livemode, status, region_id, customer_id, merchant_id, store_id, store_name, tracking_id,
        restricted, jurisdiction, policy_version, policy_on, items, currency, subtotal_minor, delivery_fee_minor, tax_minor,
        tip_minor, total_minor, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, prep_minutes, promised_from,
        promised_until, ready_at, age_status, payment_status, timeline, dossier_length, dossier_head, created_at, updated_at)
    SELECT order_id, true, 'ready', region_id, 'cus_0', 'mer_0', 'sto_0', 'Bench', 'trk_' || order_id,
        restricted, 'US-TX', '2026', CAST(:now AS date), '[{"name": "Pod", "quantity": 1, "unit_minor": 1999}]', 'USD', 1999,
        499, 165, 300, 2963, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, 10, promised_at, promised_at, ready_at,
        'passed', 'authorized', '[]', 5, repeat('0', 64), :now, :now
    FROM tasks WHERE status = 'open'
"""
_FAILED = """
    INSERT INTO offers (offer_id, task_id, order_id, driver_id, region_id, tick_id, status, payout_minor, offered_at,
                        expires_at, ended_at)
    SELECT 'ofr_1' || row_number() OVER (), t.task_id, t.order_id, d.driver_id, :region_id, 'tck_1', 'rejected', 700,
           CAST(:now AS timestamptz) - interval '1 minute', :now, CAST(:now AS timestamptz) - interval '40 seconds'
    FROM (SELECT *, row_number() OVER () AS place FROM tasks WHERE status = 'open' AND attempts > 0) AS t
    JOIN (SELECT driver_id, row_number() OVER () AS place FROM drivers) AS d USING (place)
"""
