"""Whatever dies between a tick's commit and its announcement, every offer is announced once."""

import time
from datetime import datetime
from typing import Any

from shared.dispatch import announcements, fast_loop
from shared.dispatch.engine import Parameters
from shared.queueing.protocol import task_name
from shared.routing.haversine import HaversineRouter
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.world import World


def a_tick_that_dies_after_its_commit(world: World) -> str:
    """Gives its id."""
    slot = world.api.clock.advance(seconds=3)
    with storage.unit_of_work() as work:
        ran = fast_loop.run(work, "dfw", slot, Parameters(), lambda _local: HaversineRouter(), time.perf_counter)
        work.checkpoint()
        work._afterwards.clear()  # the process died before it came to this
    return str(ran.tick_id)


def told(world: World) -> list[dict[str, Any]]:
    rows = world.rows("SELECT data FROM broker_deliveries WHERE data ->> 'type' = 'offer' ORDER BY position")
    return [row["data"] for row in rows]


def expiries(world: World) -> list[dict[str, Any]]:
    return world.rows("SELECT name, body, due_at FROM queue_tasks WHERE path = '/internal/dispatch/expire_offer'")


def test_an_offer_reaches_its_driver_and_will_run_out(world: World) -> None:
    order, driver, task_id = world.an_offered_order()
    offer = world.one("SELECT offer_id, offered_at, expires_at FROM offers")
    [message], [task] = told(world), expiries(world)
    assert datetime.fromisoformat(message.pop("at")) == offer["offered_at"]
    assert datetime.fromisoformat(message.pop("expires_at")) == offer["expires_at"] == task["due_at"]
    assert message == {
        "type": "offer",
        "driver_id": driver.id,
        "region_id": "dfw",
        "offer_id": offer["offer_id"],
        "task_id": task_id,
        "order_id": order["id"],
    }
    assert (task["name"], task["body"]) == (task_name("expire", offer["offer_id"]), {"offer_id": offer["offer_id"]})


def test_an_offer_by_hand_is_announced_in_the_same_words(world: World) -> None:
    order, driver = world.a_ready_order(), world.drivers[0]
    taken(world.admin.post(f"/v1/admin/orders/{order['id']}/assign", {"driver_id": driver.id}))
    [message], [task] = told(world), expiries(world)
    assert (message["driver_id"], message["order_id"]) == (driver.id, order["id"])
    assert task["body"] == {"offer_id": message["offer_id"]}


def test_what_a_crash_left_unannounced_is_announced_within_the_minute_and_once(world: World) -> None:
    world.a_ready_order()
    tick_id = a_tick_that_dies_after_its_commit(world)
    assert (told(world), expiries(world)) == ([], [])
    taken(world.platform.post("/internal/outbox/relay"))
    assert told(world) == [], "its own process may still be about to do it"
    world.api.clock.advance(seconds=11)
    for _ in range(2):
        taken(world.platform.post("/internal/outbox/relay"))
    with storage.unit_of_work() as work:
        announcements.of_tick(work, tick_id)
    assert len(told(world)) == len(expiries(world)) == 1
    assert world.one("SELECT announced FROM ticks")["announced"]


def test_an_offer_that_ended_before_it_was_announced_is_not_announced(world: World) -> None:
    order = world.a_ready_order()
    tick_id = a_tick_that_dies_after_its_commit(world)
    taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
    with storage.unit_of_work() as work:
        announcements.of_tick(work, tick_id)
    assert told(world) == []
