"""Trips: what a driver does in one go, a single task or several in one sequence of stops.

Locks are taken in one order everywhere, so that no two changes ever wait for each other in a circle: orders by their ids,
then the trip, then its tasks. The tasks of a planned trip stay as they are while it is on offer, and join the driver together.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pg8000.native import DatabaseError

from shared.dispatch import rules
from shared.dispatch.states import TripStatus
from shared.kernel.errors import NotFound
from shared.orders import service as orders
from shared.orders.service import Order
from shared.storage.connection import UNIQUE_VIOLATION, Row, sqlstate
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Together:
    """A task with those that share its trip and are not over, all locked; `orders` by id, `asked` is the task itself."""

    orders: Mapping[str, Order]
    tasks: tuple[Row, ...]
    asked: Row


def lock(work: Work, task_id: str) -> Together:
    """Lock a task, its trip and everything in it. Raises NotFound, TripChanged, PreconditionFailed."""
    found = work.one(_TOGETHER, task_id=task_id)
    if found is None:
        raise NotFound.of("task", task_id)
    locked = orders.load_with(work, found["order_id"], found["others"] or [])
    if found["trip_id"] is not None:
        work.run(_LOCK, trip_id=found["trip_id"])
    tasks = work.run(_TASKS, task_id=task_id, trip_id=found["trip_id"])
    asked = next(task for task in tasks if task["task_id"] == task_id)
    if any(task["order_id"] not in locked for task in tasks):
        raise rules.TripChanged("The trip changed at the same moment. Read it again, then decide anew.")
    return Together(locked, tuple(tasks), asked)


def start(work: Work, offer_trip_id: str | None, tasks: Sequence[Row], driver_id: str) -> str:
    """Put a driver on the trip that was on offer, or on a new one of these tasks. Gives the trip's id.

    Raises DriverBusy on another trip, OfferEnded for a trip that can no longer be joined.
    """
    trip = None if offer_trip_id is None else work.run(_LOCK, trip_id=offer_trip_id)[0]
    if trip is not None and trip["status"] != TripStatus.PLANNED:
        rules.check_joinable(TripStatus(trip["status"]), under_way=trip["under_way"])
        return str(trip["trip_id"])
    try:
        if trip is not None:
            work.run(_START, trip_id=trip["trip_id"], driver_id=driver_id, now=work.now)
            return str(trip["trip_id"])
        return _start_alone(work, tasks, driver_id)
    except DatabaseError as error:
        if sqlstate(error) == UNIQUE_VIOLATION and "trips_one_at_a_time" in str(error):
            raise rules.DriverBusy("Finish the trip in hand first. Your next offer comes by itself.") from None
        raise


def _start_alone(work: Work, tasks: Sequence[Row], driver_id: str) -> str:
    trip_id, (task,) = work.new_id("trp"), tasks
    work.run(
        _START_ALONE,
        trip_id=trip_id,
        region_id=task["region_id"],
        driver_id=driver_id,
        task_id=task["task_id"],
        payout_minor=task["payout_minor"],
        now=work.now,
    )
    return trip_id


def add_return(work: Work, failed: Row, task_id: str) -> None:
    """The way back to the store becomes the trip's last stop: nobody who still waits has to wait longer for it."""
    work.run(_ADD_RETURN, trip_id=failed["trip_id"], failed_id=failed["task_id"], task_id=task_id)


def close(work: Work, trip_id: str) -> bool:
    """End an active trip in which nothing is left to do. False while something is. The trip's row must be locked."""
    return bool(work.run(_CLOSE, trip_id=trip_id, now=work.now))


def unplan(work: Work, order_id: str) -> list[Row]:
    """Lock an order's trip; a planned one is dissolved: its tasks wait alone again. Gives the offers taken back."""
    trip = work.one(_OF_ORDER, order_id=order_id)
    if trip is None or trip["status"] != TripStatus.PLANNED:
        return []
    dissolve(work, [trip["trip_id"]])
    return work.run(_REVOKE, trip_id=trip["trip_id"], reason="trip_dissolved", now=work.now)


def dissolve(work: Work, trip_ids: Sequence[str]) -> None:
    """End planned trips. Their rows must be locked."""
    work.run(_DISSOLVE, trip_ids=list(trip_ids), now=work.now)


def plan(work: Work, region_id: str, planned: Sequence[Row]) -> None:
    """Write planned trips of open tasks that wait alone; rows as `engine.bundles` draws them up. Their orders are locked."""
    work.run(_PLAN, region_id=region_id, trips=json.dumps(list(planned)), now=work.now)


_LIVE = "('open', 'assigned', 'at_pickup', 'carrying', 'at_dropoff')"

_TOGETHER = f"""
    SELECT t.order_id, t.trip_id,
           (SELECT array_agg(other.order_id) FROM tasks other
            WHERE other.trip_id = t.trip_id AND other.status IN {_LIVE}) AS others
    FROM tasks t WHERE t.task_id = :task_id
"""
_LOCK = """
    SELECT p.*, EXISTS (SELECT FROM tasks t WHERE t.trip_id = p.trip_id
                        AND t.status IN ('carrying', 'at_dropoff', 'done', 'failed')) AS under_way
    FROM trips p WHERE p.trip_id = :trip_id FOR UPDATE OF p
"""
_TASKS = f"""
    SELECT * FROM tasks WHERE task_id = :task_id OR (trip_id = :trip_id AND status IN {_LIVE})
    ORDER BY task_id FOR UPDATE
"""

_START = """
    UPDATE trips SET status = 'active', driver_id = :driver_id, started_at = :now
    WHERE trip_id = :trip_id AND status = 'planned'
"""
_START_ALONE = """
    WITH started AS (
        INSERT INTO trips (trip_id, region_id, driver_id, status, created_at, started_at)
        VALUES (:trip_id, :region_id, :driver_id, 'active', :now, :now)
    )
    INSERT INTO trip_tasks (trip_id, task_id, pickup_seq, dropoff_seq, payout_minor)
    VALUES (:trip_id, :task_id, 0, 1, :payout_minor)
"""
_ADD_RETURN = """
    INSERT INTO trip_tasks (trip_id, task_id, pickup_seq, dropoff_seq, payout_minor)
    SELECT :trip_id, :task_id, failed.dropoff_seq,
           (SELECT max(dropoff_seq) + 1 FROM trip_tasks WHERE trip_id = :trip_id), failed.payout_minor
    FROM trip_tasks failed WHERE failed.trip_id = :trip_id AND failed.task_id = :failed_id
"""

_CLOSE = f"""
    UPDATE trips SET status = CASE WHEN left_over.served THEN 'done' ELSE 'dissolved' END, ended_at = :now,
        took_s = extract(epoch FROM CAST(:now AS timestamptz) - started_at)
    FROM (SELECT count(*) FILTER (WHERE status IN {_LIVE}) AS live,
                 coalesce(bool_or(status IN ('done', 'failed')), false) AS served
          FROM tasks WHERE trip_id = :trip_id) AS left_over
    WHERE trip_id = :trip_id AND trips.status = 'active' AND left_over.live = 0
    RETURNING trip_id
"""

_OF_ORDER = f"""
    SELECT p.trip_id, p.status FROM trips p JOIN tasks t USING (trip_id)
    WHERE t.order_id = :order_id AND t.status IN {_LIVE} FOR UPDATE OF p
"""
_DISSOLVE = """
    WITH dissolved AS (
        UPDATE trips SET status = 'dissolved', ended_at = :now
        WHERE trip_id = ANY(CAST(:trip_ids AS text[])) AND status = 'planned' RETURNING trip_id
    )
    UPDATE tasks SET trip_id = NULL, updated_at = :now
    FROM dissolved WHERE tasks.trip_id = dissolved.trip_id AND tasks.status = 'open'
"""
_REVOKE = """
    UPDATE offers SET status = 'revoked', reason = :reason, ended_at = :now
    WHERE trip_id = :trip_id AND status = 'offered'
    RETURNING offer_id, driver_id, region_id
"""
_PLAN = """
    WITH rows AS (
        SELECT * FROM jsonb_to_recordset(CAST(:trips AS jsonb)) AS r(trip_id text, carry_s double precision, tasks jsonb)
    ), planned AS (
        INSERT INTO trips (trip_id, region_id, status, carry_s, created_at)
        SELECT trip_id, :region_id, 'planned', carry_s, :now FROM rows
    ), members AS (
        INSERT INTO trip_tasks (trip_id, task_id, pickup_seq, dropoff_seq, pickup_s, dropoff_s, apart_s, payout_minor)
        SELECT rows.trip_id, t.task_id, t.pickup_seq, t.dropoff_seq, t.pickup_s, t.dropoff_s, t.apart_s, t.payout_minor
        FROM rows, jsonb_to_recordset(rows.tasks) AS t(task_id text, pickup_seq double precision,
            dropoff_seq double precision, pickup_s double precision, dropoff_s double precision, apart_s double precision,
            payout_minor bigint)
        RETURNING trip_id, task_id
    )
    UPDATE tasks SET trip_id = members.trip_id, updated_at = :now FROM members WHERE tasks.task_id = members.task_id
"""
