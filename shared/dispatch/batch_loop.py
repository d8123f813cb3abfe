"""The BATCH loop: one slot of one region. Waiting orders → clusters → routes → bundles → planned trips and joinings.

Everything is written in one transaction under the region's lease: a run that dies leaves nothing. A planned trip is planned
anew in every slot that has something new to ask, until it is offered; one that comes out the same stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from shared.dispatch import joining, lease, question, slots, snapshot, trips, waiting
from shared.dispatch.engine.bundles import Bundle, Bundling, routes
from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.planner import Routes, Routing
from shared.dispatch.waiting import Cluster
from shared.kernel.errors import NotFound
from shared.routing.protocol import Router, RouterAt
from shared.storage.connection import Row
from shared.storage.work import Work

LOOP = "batch"
ROUNDS = 2
"""What the borders of the clusters left over is clustered anew."""

PlanAll = Callable[[Sequence[Routing]], list[Routes]]
"""Plans several clusters, at once where there are processes for it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a slot: `late` or `taken` as with a tick, `unchanged` where everything is as when it was planned last.

    `trips` are planned now, `joining` were offered to trips.
    """

    outcome: Literal["ran", "unchanged", "idle", "late", "taken"]
    orders: int = 0
    trips: int = 0
    joining: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A bundle with the tasks it points at."""

    bundle: Bundle
    tasks: Sequence[Row]

    @property
    def members(self) -> list[Row]:
        return [self.tasks[order] for order in self.bundle.orders]

    @property
    def sequence(self) -> tuple[tuple[str, bool], ...]:
        return tuple((self.tasks[stop.order]["task_id"], stop.pickup) for stop in self.bundle.stops)


@dataclass(frozen=True, slots=True)
class Written:
    """The planned trip that each task is in now, the orders offered to trips in hand, and whether all could be written."""

    trip_of: Mapping[str, str | None]
    joining: int
    whole: bool


def run(
    work: Work, region_id: str, slot_at: datetime, bundling: Bundling, routers: RouterAt, plan_all: PlanAll
) -> Batch:
    """Plan one slot of a region. Raises NotFound for an unknown region."""
    region = lease.take(work, region_id, LOOP, slot_at)
    if region is None:
        raise NotFound.of("region", region_id)
    if slot_at < work.now - slots.TOO_LATE:
        return Batch("late")
    if not region["taken"]:
        return Batch("taken")
    tasks = waiting.read(work, region_id)
    if not tasks:
        return Batch("idle")
    router = routers(work.now.astimezone(ZoneInfo(region["timezone"])).time())
    joinings = joining.find(work, region_id, tasks, bundling, router)
    taken = {one.task["task_id"] for one in joinings}
    left = [task for task in tasks if task["task_id"] not in taken]
    approach_s = waiting.approach(waiting.places(left, "pickup"), snapshot.free_drivers(work, region_id), router)
    trip_of = {task["task_id"]: task["trip_id"] for task in left}
    if not joinings and question.digest(left, trip_of, approach_s, slot_at, work.now) == region["asked"]:
        return Batch("unchanged", orders=len(tasks), trips=_trips(trip_of))
    planned = _bundle(left, approach_s, bundling, router, plan_all)
    written = _write(work, region_id, tasks, planned, joinings)
    if written.whole:
        lease.note(work, region_id, LOOP, question.digest(left, written.trip_of, approach_s, slot_at, work.now))
    return Batch("ran", orders=len(tasks), trips=_trips(written.trip_of), joining=written.joining)


def _trips(trip_of: Mapping[str, str | None]) -> int:
    return len(set(trip_of.values()) - {None})


def _bundle(
    tasks: Sequence[Row], approach_s: Floats, bundling: Bundling, router: Router, plan_all: PlanAll
) -> list[Planned]:
    stores = waiting.places(tasks, "pickup")
    planned: list[Planned] = []
    left = np.arange(len(tasks))
    for _ in range(ROUNDS):
        groups = routes.clusters(stores, left, bundling.cluster)
        measured = [
            waiting.measure([tasks[row] for row in group], approach_s[group], router)
            for group in groups
            if len(group) > 1
        ]
        planned += _worthwhile(measured, bundling, plan_all)
        taken = {task["task_id"] for one in planned for task in one.members}
        left = np.array([row for row in range(len(tasks)) if tasks[row]["task_id"] not in taken], dtype=np.int64)
        if len(groups) == 1:
            break
    return planned


def _worthwhile(measured: list[Cluster], bundling: Bundling, plan_all: PlanAll) -> list[Planned]:
    planned = plan_all([routes.routing(one.waiting, one.travel_s, bundling) for one in measured])
    return [
        Planned(bundle, cluster.tasks)
        for cluster, found in zip(measured, planned, strict=True)
        for bundle in routes.worthwhile(found, cluster.waiting, cluster.travel_s, bundling)
    ]


def _write(
    work: Work, region_id: str, tasks: Sequence[Row], planned: list[Planned], joinings: list[joining.Joining]
) -> Written:
    """Dissolve the planned trips that are planned otherwise now, and write the new ones. What was taken meanwhile is left."""
    before: dict[str, list[Row]] = {}
    for task in tasks:
        if task["trip_id"] is not None:
            before.setdefault(task["trip_id"], []).append(task)
    kept = {_sequence(members): trip_id for trip_id, members in before.items()}
    same = {kept[one.sequence] for one in planned if one.sequence in kept}
    new = [one for one in planned if one.sequence not in kept]
    free = _free(work, [*_members(new), *(one.task for one in joinings), *(t for m in before.values() for t in m)])
    other = [trip_id for trip_id in before if trip_id not in same]
    gone = [trip_id for trip_id in other if all(task["task_id"] in free for task in before[trip_id])]
    if gone:
        trips.dissolve(work, gone)
    usable = {task["task_id"] for task in tasks if task["trip_id"] is None or task["trip_id"] in gone} & free
    made = [_trip(work, one) for one in new if all(task["task_id"] in usable for task in one.members)]
    if made:
        trips.plan(work, region_id, made)
    trip_of = {task["task_id"]: None if task["trip_id"] in gone else task["trip_id"] for task in tasks}
    trip_of |= {member["task_id"]: trip["trip_id"] for trip in made for member in trip["tasks"]}
    offered = joining.offer(work, joinings, usable)
    return Written(trip_of, offered, whole=(len(gone), len(made), offered) == (len(other), len(new), len(joinings)))


def _members(planned: Sequence[Planned]) -> list[Row]:
    return [task for one in planned for task in one.members]


def _free(work: Work, tasks: Sequence[Row]) -> set[str]:
    """Lock the orders, the planned trips and the tasks that nobody else holds; those that still wait as they were read.

    Three statements, for each must see what was committed before its predecessor's locks were given.
    """
    if not tasks:
        return set()
    read = {task["task_id"]: task["trip_id"] for task in tasks}
    orders = work.run(_LOCK_ORDERS, order_ids=[task["order_id"] for task in tasks])
    held = work.run(_LOCK_TRIPS, trip_ids=[trip_id for trip_id in read.values() if trip_id is not None])
    locked_trips = {None, *(row["trip_id"] for row in held)}
    open_tasks = work.run(_LOCK_TASKS, order_ids=[row["order_id"] for row in orders])
    still = work.run(_STILL_WAITING, task_ids=[row["task_id"] for row in open_tasks])
    return {
        row["task_id"]
        for row in still
        if row["task_id"] in read and read[row["task_id"]] == row["trip_id"] and row["trip_id"] in locked_trips
    }


def _sequence(members: Sequence[Row]) -> tuple[tuple[str, bool], ...]:
    stops = [(task["pickup_seq"], task["task_id"], True) for task in members]
    stops += [(task["dropoff_seq"], task["task_id"], False) for task in members]
    return tuple((task_id, pickup) for _, task_id, pickup in sorted(stops))


def _trip(work: Work, planned: Planned) -> dict[str, Any]:
    """As `trips.plan` writes it: each task with the numbers and planned times of its two stops."""
    bundle, tasks = planned.bundle, planned.tasks
    at = {(stop.order, stop.pickup): number for number, stop in enumerate(bundle.stops)}
    members = []
    for order, apart_s in zip(bundle.orders, bundle.apart_s, strict=True):
        pickup, dropoff = at[order, True], at[order, False]
        members.append(
            {
                "task_id": tasks[order]["task_id"],
                "pickup_seq": pickup,
                "dropoff_seq": dropoff,
                "pickup_s": bundle.offset_s[pickup],
                "dropoff_s": bundle.offset_s[dropoff],
                "apart_s": apart_s,
                "payout_minor": tasks[order]["payout_minor"],
            }
        )
    return {"trip_id": work.new_id("trp"), "carry_s": bundle.offset_s[-1], "tasks": members}


_LOCK_ORDERS = """
    SELECT order_id FROM orders WHERE order_id = ANY(CAST(:order_ids AS text[])) ORDER BY order_id
    FOR NO KEY UPDATE SKIP LOCKED
"""
_LOCK_TRIPS = """
    SELECT trip_id FROM trips WHERE trip_id = ANY(CAST(:trip_ids AS text[])) AND status = 'planned'
    FOR NO KEY UPDATE SKIP LOCKED
"""
_LOCK_TASKS = """
    SELECT task_id FROM tasks WHERE order_id = ANY(CAST(:order_ids AS text[])) AND status = 'open'
    FOR NO KEY UPDATE SKIP LOCKED
"""
_STILL_WAITING = """
    SELECT t.task_id, t.trip_id FROM tasks t
    WHERE t.task_id = ANY(CAST(:task_ids AS text[]))
      AND NOT EXISTS (SELECT FROM offers o WHERE o.task_id = t.task_id AND o.status = 'offered')
      AND NOT EXISTS (SELECT FROM offers o WHERE o.trip_id = t.trip_id AND o.status = 'offered')
"""
