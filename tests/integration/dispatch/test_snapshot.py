"""What history the tick reads: refusals at the door by store, failures by driver, and who will come free."""

import time

import pytest

from shared.dispatch import snapshot
from shared.dispatch.engine import Problem
from shared.dispatch.laps import Laps
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.world import World


def seen() -> Problem:
    with storage.unit_of_work() as work:
        return snapshot.read(work, "dfw", "America/Chicago", Laps(time.perf_counter))


def restricted(world: World) -> str:
    return next(row["product_id"] for row in world.rows("SELECT product_id FROM products WHERE restricted"))


def test_a_restricted_delivery_starts_from_one_refusal_in_twenty(world: World) -> None:
    world.a_ready_order(restricted(world))
    assert seen().jobs.refusal_rate.tolist() == [0.05]


def test_what_happens_at_the_door_is_counted_for_the_next_order_of_the_store(world: World) -> None:
    world.a_delivered_order(restricted(world))
    assert world.rows("SELECT delivered, refused FROM doorstep_outcomes") == [{"delivered": 1, "refused": 0}]
    order, driver, _ = world.an_order_at_the_door(restricted(world))
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "nobody_home"}, key=world.key()))
    assert world.rows("SELECT delivered, refused FROM doorstep_outcomes") == [{"delivered": 1, "refused": 1}]
    world.a_ready_order(restricted(world))
    assert seen().jobs.refusal_rate.tolist() == [pytest.approx(2 / 22)]


def test_a_driver_who_was_relieved_is_a_greater_risk(world: World) -> None:
    before = float(seen().drivers.failure_rate[0])
    assert before == pytest.approx(0.02)
    order, _, _ = world.a_dispatched_order()
    assert (len(seen().drivers), seen().region.busy_drivers) == (0, 1), "whoever has work will come free"
    reassign = f"/v1/admin/orders/{order['id']}/reassign"
    taken(world.admin.post(reassign, {"reason": "the car broke down"}, key=world.key()))
    after = seen()
    assert after.region.busy_drivers == 0
    assert after.drivers.failure_rate.tolist() == [pytest.approx(1.2 / 11)]
