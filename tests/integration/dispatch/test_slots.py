"""Slots on real Postgres: a slot is served once or visibly skipped, and regions do not wait for each other."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from shared.dispatch import fast_loop
from shared.dispatch.engine import Parameters
from shared.dispatch.fast_loop import Tick
from shared.routing.haversine import HaversineRouter
from shared.storage.work import Work
from shared.wiring import storage
from tests.fixtures.http import Json, taken
from tests.fixtures.world import World


def run(work: Work, region_id: str, slot_at: datetime) -> Tick:
    """One tick, its transaction left open."""
    return fast_loop.run(work, region_id, slot_at, Parameters(), lambda _local: HaversineRouter(), time.perf_counter)


def called(world: World, slot_at: datetime, region_id: str = "dfw") -> str:
    """The outcome of the tick as the queue calls it."""
    path = f"/internal/dispatch/tick?region_id={region_id}"
    return str(taken(world.platform.post(path, {"slot": int(slot_at.timestamp())}))["outcome"])


def metric(world: World, name: str) -> dict[str, int]:
    """By region."""
    samples = taken(world.platform.get("/v1/metrics"))["metrics"]
    return {sample["labels"]["region_id"]: sample["value"] for sample in samples if sample["name"] == name}


def newest(world: World) -> Json:
    return dict(taken(world.admin.get("/v1/admin/dispatch/ticks", region_id="dfw"))["items"][0])


def live_offers(world: World) -> list[tuple[str, str]]:
    rows = world.rows("SELECT region_id, driver_id FROM offers WHERE status = 'offered' ORDER BY region_id")
    return [(row["region_id"], row["driver_id"]) for row in rows]


def a_second_region(world: World, order_id: str) -> None:
    """With the task of an order in it."""
    world.rows(
        "INSERT INTO regions SELECT 'aus', 'Austin', timezone, lat, lng, settings FROM regions WHERE region_id = 'dfw'"
    )
    world.rows("UPDATE tasks SET region_id = 'aus' WHERE order_id = :order_id", order_id=order_id)


def move_driver(world: World, driver_id: str) -> None:
    for table in ("drivers", "driver_positions"):
        world.rows(f"UPDATE {table} SET region_id = 'aus' WHERE driver_id = :driver_id", driver_id=driver_id)


def wait_until_somebody_waits(world: World) -> None:
    """Until another connection stands before a lock."""
    deadline = time.monotonic() + 20
    while not world.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
        assert time.monotonic() < deadline, "nobody waits"


def test_a_slot_that_comes_while_the_former_tick_runs_is_skipped_and_never_doubled(world: World) -> None:
    world.a_ready_order()
    slot = world.api.clock.advance(seconds=3)
    with storage.unit_of_work() as work:
        assert run(work, "dfw", slot).offers == 1
        assert called(world, slot + timedelta(seconds=3)) == "taken", "it does not wait for the lease"
        assert live_offers(world) == [], "the first tick has not committed yet"
    assert live_offers(world) == [("dfw", world.drivers[0].id)]
    assert metric(world, "cloudrun_slots_taken") == {"dfw": 1}
    world.hire_driver()
    world.a_ready_order()
    assert called(world, world.api.clock.advance(seconds=6)) == "ran"
    assert (newest(world)["slots_taken"], newest(world)["slots_late"]) == (1, 0)


def test_a_slot_that_comes_too_late_is_dropped_and_counted_and_leaves_the_next_one_free(world: World) -> None:
    world.a_ready_order()
    now = world.api.clock.advance(seconds=60)
    assert called(world, now - timedelta(seconds=31)) == "late"
    assert called(world, now - timedelta(seconds=33)) == "late"
    assert called(world, now - timedelta(seconds=30)) == "ran"
    assert metric(world, "cloudrun_slots_late") == {"dfw": 2}
    assert 'cloudrun_slots_late{region_id="dfw"} 2' in world.platform.get("/metrics").get_data(as_text=True)
    assert newest(world)["slots_late"] == 2


def test_a_slot_that_is_called_twice_ran_and_is_not_counted_as_skipped(world: World) -> None:
    world.a_ready_order()
    slot = world.api.clock.advance(seconds=3)
    with storage.unit_of_work() as work:
        assert run(work, "dfw", slot).outcome == "ran"
        assert called(world, slot) == "taken"
    assert called(world, slot) == "taken"
    assert metric(world, "cloudrun_slots_taken") == {}
    assert world.one("SELECT count(*) AS ticks FROM ticks")["ticks"] == 1


def test_a_slot_is_not_served_after_a_later_one(world: World) -> None:
    slot = world.api.clock.advance(seconds=6)
    assert called(world, slot) == "idle"
    assert called(world, slot - timedelta(seconds=3)) == "taken"


def test_skipped_slots_are_forgotten_after_a_day(world: World) -> None:
    called(world, world.api.clock.now - timedelta(minutes=5))
    world.api.clock.advance(hours=25)
    taken(world.platform.post("/internal/dispatch/schedule"))
    assert world.rows("SELECT 1 FROM skipped_slots") == []


def test_a_tick_writes_down_what_each_of_its_stages_took(world: World) -> None:
    world.a_ready_order()
    world.tick()
    tick = newest(world)
    assert {"lease", "jobs", "drivers", "roads", "solve", "offers"} <= set(tick["stages_ms"])
    assert 0 < sum(tick["stages_ms"].values()) <= tick["total_ms"] + 0.1


def test_two_regions_tick_at_the_same_time_and_neither_waits_for_the_other(world: World) -> None:
    world.a_ready_order()
    order, southerner = world.a_ready_order(), world.hire_driver()
    a_second_region(world, order["id"])
    move_driver(world, southerner.id)
    slot = world.api.clock.advance(seconds=3)
    with storage.unit_of_work() as north:
        assert run(north, "dfw", slot).offers == 1
        with storage.unit_of_work() as south:
            assert run(south, "aus", slot).offers == 1
        assert live_offers(world) == [("aus", southerner.id)], "the one is over while the other still runs"
    assert live_offers(world) == [("aus", southerner.id), ("dfw", world.drivers[0].id)]


def test_a_driver_who_moves_between_regions_in_mid_tick_is_offered_work_by_one_of_them(world: World) -> None:
    world.a_ready_order()
    order, driver = world.a_ready_order(), world.drivers[0]
    a_second_region(world, order["id"])
    slot = world.api.clock.advance(seconds=3)
    with ThreadPoolExecutor(1) as elsewhere:
        with storage.unit_of_work() as north:
            assert run(north, "dfw", slot).offers == 1
            move_driver(world, driver.id)
            meanwhile = elsewhere.submit(called, world, slot, "aus")
            wait_until_somebody_waits(world)
        assert meanwhile.result() == "ran"
    assert live_offers(world) == [("dfw", driver.id)]
    assert world.one("SELECT offers FROM ticks WHERE region_id = 'aus'")["offers"] == 0
    logged = "SELECT offer_id FROM offers FULL JOIN offer_logs l USING (offer_id) WHERE (l.tick_id = offers.tick_id) IS NOT TRUE"
    assert world.rows(logged) == [], "what met a rival was not logged"
    assert world.one("SELECT count(*) AS logs FROM tick_logs")["logs"] == 2


def enqueued(world: World) -> Counter[str]:
    """How many slots of each loop wait in the queue."""
    rows = world.rows("SELECT path, due_at FROM queue_tasks WHERE path LIKE '/internal/dispatch/%?region_id=dfw'")
    assert all(row["due_at"] > world.api.clock.now for row in rows)
    return Counter(row["path"].removeprefix("/internal/dispatch/").partition("?")[0] for row in rows)


def test_a_minute_holds_twenty_ticks_and_two_batches_however_often_it_is_scheduled(world: World) -> None:
    world.a_ready_order()
    world.rows("DELETE FROM queue_tasks")
    for _ in range(2):
        assert taken(world.platform.post("/internal/dispatch/schedule"))["enqueued"] == 22
    assert enqueued(world) == {"tick": 20, "batch": 2}


def test_a_region_without_work_costs_nothing(world: World) -> None:
    assert taken(world.platform.post("/internal/dispatch/schedule"))["enqueued"] == 0
    assert enqueued(world) == {}
    slot = int(world.api.clock.advance(seconds=30).timestamp())
    ran = taken(world.platform.post("/internal/dispatch/batch?region_id=dfw", {"slot": slot}))
    assert ran["outcome"] == "idle"
