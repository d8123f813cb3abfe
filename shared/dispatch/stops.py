"""The stops of a trip in their order: what a driver sees, what is left of the way, and how long a customer still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from shared.dispatch import rules
from shared.dispatch.states import TaskStatus
from shared.kernel.positions import Position
from shared.orders.delivery import Waypoint
from shared.storage.connection import Row
from shared.storage.work import Work

FETCHING = frozenset({TaskStatus.OPEN, TaskStatus.ASSIGNED, TaskStatus.AT_PICKUP})
"""The goods are still in the store."""

OVER = frozenset({TaskStatus.DONE, TaskStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Stop:
    """One place of a trip. `task` is the row of its task, joined with its store's name and its place in the trip."""

    task: Row
    pickup: bool

    @property
    def seq(self) -> float:
        return float(self.task["pickup_seq" if self.pickup else "dropoff_seq"])

    @property
    def position(self) -> Position:
        prefix = "pickup" if self.pickup else "dropoff"
        return Position(self.task[f"{prefix}_lat"], self.task[f"{prefix}_lng"])

    @property
    def done(self) -> bool:
        return self.task["status"] not in FETCHING if self.pickup else self.task["status"] in OVER

    @property
    def reached(self) -> bool:
        """The driver is there, or was."""
        here = TaskStatus.AT_PICKUP if self.pickup else TaskStatus.AT_DROPOFF
        return self.done or self.task["status"] == here


def in_order(tasks: Sequence[Row]) -> list[Stop]:
    """All stops of a trip. A return has none at the door it comes from."""
    stops = [
        Stop(task, pickup) for task in tasks for pickup in (True, False) if task["kind"] == "delivery" or not pickup
    ]
    return sorted(stops, key=lambda stop: (stop.seq, stop.task["task_id"]))


def of_driver(work: Work, driver_id: str) -> tuple[list[Row], list[Row]]:
    """The tasks on live offer to a driver (with the offer's columns), and those of the trip in hand."""
    rows = work.run(_OF_DRIVER, driver_id=driver_id, now=work.now)
    return [row for row in rows if row["offer_id"] is not None], [row for row in rows if row["offer_id"] is None]


def places_left(work: Work, task_id: str) -> tuple[time, list[tuple[float, float]]]:
    """The region's time of day, and (lat, lng) of where the driver is and of the trip's stops that are left.

    Raises TaskNotPossibleNow without any.
    """
    rows = work.run(_PLACES, task_id=task_id)
    left = [stop for stop in in_order(rows) if not stop.reached]
    if not left:
        status = next((row["status"] for row in rows if row["task_id"] == task_id), TaskStatus.DONE)
        raise rules.TaskNotPossibleNow(f"The task is {status}: there is no way left.", current_status=status)
    places = [(float(rows[0]["lat"]), float(rows[0]["lng"]))]
    for stop in left:
        place = (stop.position.lat, stop.position.lng)
        if place != places[-1] or len(places) == 1:
            places.append(place)
    return work.now.astimezone(ZoneInfo(rows[0]["timezone"])).time(), places


@dataclass(frozen=True, slots=True)
class Way:
    """What lies before a customer: the `waypoints` up to the own door, and whether the driver goes to another door first."""

    waypoints: list[Waypoint]
    other_door_first: bool


def way_to(work: Work, order_id: str) -> Way:
    """The stops that the order's driver still has before and at its door."""
    waypoints: list[Waypoint] = []
    other_door_first = False
    for stop in in_order(work.run(_WAY, order_id=order_id)):
        if not stop.done:
            waypoints.append(Waypoint(stop.position, stop.task["ready_at"] if stop.pickup else None))
        if not stop.pickup and stop.task["order_id"] == order_id:
            break
        other_door_first |= not (stop.pickup or stop.done)
    return Way(waypoints, other_door_first)


_IN_TRIP = """
    SELECT t.*, s.store_name, x.pickup_seq, x.dropoff_seq, CAST(NULL AS text) AS offer_id,
           CAST(NULL AS timestamptz) AS expires_at, CAST(NULL AS bigint) AS offered_minor, false AS joins
    FROM trips p JOIN tasks t USING (trip_id) JOIN trip_tasks x USING (trip_id, task_id)
    JOIN orders s ON s.order_id = t.order_id
"""
_OF_DRIVER = f"""
    SELECT t.*, s.store_name, coalesce(x.pickup_seq, 0) AS pickup_seq, coalesce(x.dropoff_seq, 1) AS dropoff_seq,
           o.offer_id, o.expires_at, o.payout_minor AS offered_minor, coalesce(p.status = 'active', false) AS joins
    FROM offers o
    JOIN tasks t ON t.status = 'open' AND (t.task_id = o.task_id OR t.trip_id = o.trip_id)
    JOIN orders s ON s.order_id = t.order_id
    LEFT JOIN trips p ON p.trip_id = o.trip_id
    LEFT JOIN trip_tasks x ON x.trip_id = o.trip_id AND x.task_id = t.task_id
    WHERE o.driver_id = :driver_id AND o.status = 'offered' AND o.expires_at > :now
    UNION ALL {_IN_TRIP} WHERE p.driver_id = :driver_id AND p.status = 'active' AND t.status <> 'cancelled'
"""
_PLACES = f"""
    SELECT left_over.*, here.lat, here.lng, r.timezone
    FROM ({_IN_TRIP} WHERE p.trip_id = (SELECT trip_id FROM tasks WHERE task_id = :task_id) AND t.status <> 'cancelled')
        AS left_over
    JOIN driver_positions here USING (driver_id)
    JOIN regions r ON r.region_id = left_over.region_id
"""
_WAY = f"""
    {_IN_TRIP} WHERE p.status = 'active' AND t.status <> 'cancelled'
    AND p.trip_id = (SELECT trip_id FROM tasks WHERE order_id = :order_id AND kind = 'delivery'
                     ORDER BY task_id DESC LIMIT 1)
"""
