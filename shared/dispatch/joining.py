"""Orders that join a trip in hand: a later order of the same store is offered to the driver who is still on the way there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shared.dispatch import announcements, rules, stops
from shared.dispatch.engine import bundles
from shared.dispatch.engine.bundles import Bundle, Bundling, Stop
from shared.dispatch.snapshot import FAILED
from shared.dispatch.waiting import measure, places
from shared.routing.protocol import Router
from shared.storage.connection import Row
from shared.storage.work import Work


@dataclass(frozen=True, slots=True, eq=False)
class Joining:
    """An order's task that is worth putting into a trip. `tasks` are the trip's and, last, the joining one; `bundle` points
    at their rows."""

    trip_id: str
    driver_id: str
    tasks: Sequence[Row]
    bundle: Bundle

    @property
    def task(self) -> Row:
        return self.tasks[-1]


def find(work: Work, region_id: str, waiting: Sequence[Row], bundling: Bundling, router: Router) -> list[Joining]:
    """The best joinings: one order per trip at a time, the most worthwhile first."""
    at_store: dict[tuple[float, float], list[Row]] = defaultdict(list)
    for task in waiting:
        at_store[_store(task)].append(task)
    trips = _joinable(work, region_id) if waiting else []
    trips = [trip for trip in trips if any(_store(task) in at_store for task in trip)]
    if not trips:
        return []
    failed = {
        (row["task_id"], row["driver_id"])
        for row in work.run(_FAILED, task_ids=[task["task_id"] for task in waiting], since=work.now - rules.COOL_DOWN)
    }
    found = [
        joining
        for trip in trips
        for task in {task["task_id"]: task for held in trip for task in at_store[_store(held)]}.values()
        if (task["task_id"], trip[0]["driver_id"]) not in failed and (joining := _judge(trip, task, bundling, router))
    ]
    return _best(sorted(found, key=lambda joining: -joining.bundle.worth_s(bundling)))


def _joinable(work: Work, region_id: str) -> list[list[Row]]:
    """The tasks of each active trip of which nothing is fetched yet and whose driver has no offer to answer."""
    trips: dict[str, list[Row]] = defaultdict(list)
    for row in work.run(_JOINABLE, region_id=region_id, now=work.now, fresh_after=work.now - rules.FRESH):
        trips[row["trip_id"]].append(row)
    return list(trips.values())


def _judge(trip: list[Row], task: Row, bundling: Bundling, router: Router) -> Joining | None:
    if len(trip) >= bundling.orders:
        return None
    tasks = [*trip, task]
    here = np.array([[trip[0]["lat"], trip[0]["lng"]]])
    stores = places(tasks, "pickup")
    approach_s = router.edge_times(here, stores, np.zeros(len(tasks), dtype=np.int64), np.arange(len(tasks)))
    cluster = measure(tasks, approach_s, router)
    row_of = {one["task_id"]: row for row, one in enumerate(tasks)}
    sequence = [Stop(row_of[stop.task["task_id"]], stop.pickup) for stop in stops.in_order(trip)]
    first_s = float(approach_s[sequence[0].order])
    bundle = bundles.join(sequence, len(trip), first_s, cluster.waiting, cluster.travel_s, bundling)
    return None if bundle is None else Joining(trip[0]["trip_id"], trip[0]["driver_id"], tasks, bundle)


def _best(ranked: Iterable[Joining]) -> list[Joining]:
    trips: set[str] = set()
    tasks: set[str] = set()
    kept = []
    for joining in ranked:
        if joining.trip_id not in trips and joining.task["task_id"] not in tasks:
            trips.add(joining.trip_id)
            tasks.add(joining.task["task_id"])
            kept.append(joining)
    return kept


def offer(work: Work, joinings: Sequence[Joining], free: Collection[str]) -> int:
    """Offer each to its driver, where the task is among the `free` ones, whose orders are locked. Gives how many."""
    made = 0
    for joining in joinings:
        if joining.task["task_id"] not in free:
            continue
        offer_id = work.new_id("ofr")
        made_now = work.run(
            _OFFER,
            offer_id=offer_id,
            trip_id=joining.trip_id,
            task_id=joining.task["task_id"],
            payout_minor=rules.escalated_minor(
                joining.task["payout_minor"] - rules.SHARED_BASE_MINOR, joining.task["attempts"]
            ),
            now=work.now,
            expires_at=work.now + rules.OFFER_TTL,
        )
        if not made_now:
            continue
        _place(work, joining)
        announcements.of_offer(work, offer_id)
        made += 1
    return made


def _place(work: Work, joining: Joining) -> None:
    """Where the two new stops stand: between their neighbours' numbers, which stay. What each order would take alone is
    noted as well, for hindsight."""
    seq = _numbers(joining)
    work.run(
        _PLACE,
        trip_id=joining.trip_id,
        task_id=joining.task["task_id"],
        pickup_seq=seq[True],
        dropoff_seq=seq[False],
        payout_minor=joining.task["payout_minor"],
        task_ids=[joining.tasks[row]["task_id"] for row in joining.bundle.orders],
        apart_s=list(joining.bundle.apart_s),
    )


def _numbers(joining: Joining) -> dict[bool, float]:
    """By pickup (True) and dropoff (False): a number between those of the stops before and after."""
    new = len(joining.tasks) - 1
    known = [
        None if stop.order == new else float(joining.tasks[stop.order]["pickup_seq" if stop.pickup else "dropoff_seq"])
        for stop in joining.bundle.stops
    ]
    numbers = {}
    for at, stop in enumerate(joining.bundle.stops):
        if stop.order == new:
            before = known[at - 1] or 0.0
            after = next((number for number in known[at + 1 :] if number is not None), before + 1.0)
            known[at] = numbers[stop.pickup] = (before + after) / 2
    return numbers


def _store(task: Row) -> tuple[float, float]:
    return task["pickup_lat"], task["pickup_lng"]


_JOINABLE = """
    SELECT t.*, x.pickup_seq, x.dropoff_seq, here.lat, here.lng,
           CAST(extract(epoch FROM t.ready_at - CAST(:now AS timestamptz)) AS float8) AS ready_s,
           CAST(extract(epoch FROM t.promised_at - CAST(:now AS timestamptz)) AS float8) AS promised_s
    FROM trips p JOIN tasks t USING (trip_id) JOIN trip_tasks x USING (trip_id, task_id)
    JOIN drivers d ON d.driver_id = p.driver_id JOIN driver_positions here ON here.driver_id = p.driver_id
    WHERE p.region_id = :region_id AND p.status = 'active' AND t.status IN ('assigned', 'at_pickup')
      AND d.online AND here.at >= :fresh_after AND (d.shift_ends_at IS NULL OR d.shift_ends_at > :now)
      AND NOT EXISTS (SELECT FROM tasks u WHERE u.trip_id = p.trip_id
                      AND u.status IN ('carrying', 'at_dropoff', 'done', 'failed'))
      AND NOT EXISTS (SELECT FROM offers o WHERE o.driver_id = p.driver_id AND o.status = 'offered')
    ORDER BY p.trip_id, t.task_id
"""
_FAILED = f"""
    SELECT DISTINCT t.task_id, o.driver_id
    FROM tasks t LEFT JOIN trip_tasks x USING (task_id) JOIN offers o ON o.task_id = t.task_id OR o.trip_id = x.trip_id
    WHERE t.task_id = ANY(CAST(:task_ids AS text[])) AND {FAILED}
"""
_OFFER = """
    INSERT INTO offers (offer_id, task_id, trip_id, order_id, driver_id, region_id, status, payout_minor, offered_at,
                        expires_at)
    SELECT :offer_id, t.task_id, p.trip_id, t.order_id, p.driver_id, t.region_id, 'offered', :payout_minor, :now, :expires_at
    FROM trips p, tasks t WHERE p.trip_id = :trip_id AND p.status = 'active' AND t.task_id = :task_id
    ON CONFLICT DO NOTHING
    RETURNING offer_id
"""
_PLACE = """
    WITH apart AS (
        SELECT * FROM unnest(CAST(:task_ids AS text[]), CAST(:apart_s AS double precision[])) AS a(task_id, apart_s)
    ), known AS (
        UPDATE trip_tasks x SET apart_s = apart.apart_s FROM apart
        WHERE x.trip_id = :trip_id AND x.task_id = apart.task_id AND x.task_id <> :task_id AND x.apart_s IS NULL
    )
    INSERT INTO trip_tasks (trip_id, task_id, pickup_seq, dropoff_seq, apart_s, payout_minor)
    SELECT :trip_id, task_id, :pickup_seq, :dropoff_seq, apart_s, :payout_minor FROM apart WHERE task_id = :task_id
    ON CONFLICT (trip_id, task_id) DO UPDATE SET pickup_seq = EXCLUDED.pickup_seq, dropoff_seq = EXCLUDED.dropoff_seq,
        apart_s = EXCLUDED.apart_s
"""
