"""Trips when everybody acts at once, and when a run of the BATCH loop dies: all of it stands, or nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from flask import Response

from shared.dispatch import batch_loop
from shared.dispatch.engine.bundles import Bundling
from shared.dispatch.engine.planner import Routes, Routing
from shared.kernel.errors import NotFound
from shared.wiring import storage
from shared.wiring.routing import routers
from tests.fixtures.http import taken
from tests.fixtures.world import World
from tests.integration.dispatch.test_races import all_at_once, codes, room_for_everybody

__all__ = ["room_for_everybody"]


def check_integrity(world: World) -> None:
    """What must be true of tasks, trips and offers at any moment."""
    wrong = world.rows(
        """SELECT t.task_id FROM tasks t LEFT JOIN trips p USING (trip_id)
        WHERE (t.status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff') AND p.status IS DISTINCT FROM 'active')
           OR (t.status = 'open' AND p.status IS NOT NULL AND p.status <> 'planned')"""
    )
    assert wrong == [], "a task in hand is on an active trip, an open one alone or on a planned trip"
    doubled = world.rows(
        """SELECT t.task_id FROM offers o LEFT JOIN trip_tasks x ON x.trip_id = o.trip_id
        JOIN tasks t ON t.status = 'open' AND (t.task_id = o.task_id OR (t.task_id = x.task_id AND t.trip_id = o.trip_id))
        WHERE o.status = 'offered' GROUP BY t.task_id HAVING count(DISTINCT o.offer_id) > 1"""
    )
    assert doubled == [], "no task is on offer twice"


def test_a_driver_who_accepts_every_task_of_an_offer_at_once_has_one_trip(world: World) -> None:
    orders, driver, task_ids = world.an_offered_trip(3)
    answers = all_at_once(
        [
            lambda task_id=task_id, n=n: driver.post(f"/v1/tasks/{task_id}/accept", key=f"{task_id} {n}")  # type: ignore[misc]
            for task_id in task_ids
            for n in range(4)
        ]
    )
    assert codes(answers) == {"ok": 1, "offer_ended": 11}
    for order in orders:
        assert Counter(world.events(order["id"]))["driver_assigned"] == 1
        assert world.verdict(order["id"])["valid"]
    assert world.one("SELECT count(*) AS active FROM trips WHERE status = 'active'")["active"] == 1
    check_integrity(world)


def test_other_drivers_cannot_take_a_part_of_somebody_elses_offer(world: World) -> None:
    _orders, driver, task_ids = world.an_offered_trip()
    rivals = [world.hire_driver() for _ in range(3)]
    answers = all_at_once(
        [
            lambda one=one, task_id=task_id: one.post(f"/v1/tasks/{task_id}/accept", key=world.key())  # type: ignore[misc]
            for one in [*rivals, driver]
            for task_id in task_ids
        ]
    )
    assert codes(answers) == {"ok": 1, "offer_ended": 1, "already_assigned": 6}
    held = world.rows("SELECT DISTINCT driver_id FROM tasks")
    assert held == [{"driver_id": driver.id}]
    check_integrity(world)


@pytest.mark.parametrize("which", [0, 1])
def test_an_acceptance_meets_the_cancellation_of_one_of_its_orders(world: World, which: int) -> None:
    for _ in range(4):
        orders, driver, task_ids = world.an_offered_trip()
        cancel = f"/v1/orders/{orders[which]['id']}/cancel"
        accepted, cancelled = all_at_once(
            [
                lambda driver=driver, task_id=task_ids[0]: driver.post(f"/v1/tasks/{task_id}/accept", key=world.key()),  # type: ignore[misc]
                lambda cancel=cancel: world.customer.post(cancel, {"reason": "changed_mind"}),  # type: ignore[misc]
            ]
        )
        assert taken(cancelled)["status"] == "cancelled"
        assert codes([accepted]) in ({"ok": 1}, {"offer_ended": 1}, {"already_assigned": 1})
        other = world.read(orders[1 - which]["id"])
        assert other["status"] == ("dispatched" if accepted.status_code == 200 else "ready")
        assert world.rows("SELECT 1 FROM offers WHERE status = 'offered'") == []
        check_integrity(world)
        taken(world.customer.post(f"/v1/orders/{other['id']}/cancel", {"reason": "changed_mind"}))
        assert world.rows("SELECT 1 FROM trips WHERE status IN ('planned', 'active')") == []


def test_both_orders_of_a_planned_trip_are_cancelled_at_once(world: World) -> None:
    orders = world.a_planned_trip()
    answers = all_at_once(
        [
            lambda order=order: world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "too_slow"})  # type: ignore[misc]
            for order in orders
        ]
    )
    assert codes(answers) == {"ok": 2}
    assert world.one("SELECT status FROM trips")["status"] == "dissolved"
    check_integrity(world)


def test_the_last_two_orders_of_a_trip_end_at_once_and_the_driver_is_free(world: World) -> None:
    orders, driver, _task_ids = world.a_trip()
    all_at_once(
        [
            lambda order=order: world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "too_slow"})  # type: ignore[misc]
            for order in orders
        ]
    )
    assert world.one("SELECT status FROM trips")["status"] == "dissolved"
    taken(driver.post(f"/v1/drivers/{driver.id}/offline"))


def test_an_expiry_meets_an_acceptance_at_the_deadline(world: World) -> None:
    _orders, driver, task_ids = world.an_offered_trip()
    offer = world.one("SELECT offer_id FROM offers")
    world.api.clock.advance(seconds=31)
    accepted, *expiries = all_at_once(
        [
            lambda: driver.post(f"/v1/tasks/{task_ids[1]}/accept", key="a"),
            *[lambda: world.platform.post("/internal/dispatch/expire_offer", {"offer_id": offer["offer_id"]})] * 4,
        ]
    )
    assert codes([accepted]) == {"offer_ended": 1}
    assert sum(taken(expiry)["expired"] for expiry in expiries) == 1
    assert [row["attempts"] for row in world.rows("SELECT attempts FROM tasks")] == [1, 1]
    check_integrity(world)


def test_batches_and_ticks_at_once_offer_nothing_twice(world: World) -> None:
    for _ in range(2):
        world.hire_driver()
    for _ in range(5):
        world.a_ready_order()
    now = int(world.api.clock.advance(seconds=30).timestamp())
    acts = [
        lambda n=n, loop=loop: world.platform.post(f"/internal/dispatch/{loop}?region_id=dfw", {"slot": now + n})  # type: ignore[misc]
        for n in range(4)
        for loop in ("tick", "batch")
    ]
    answers = all_at_once(acts)
    assert all(answer.status_code == 200 for answer in answers)
    check_integrity(world)
    world.batch()
    world.tick()
    check_integrity(world)
    live = world.rows("SELECT driver_id FROM offers WHERE status = 'offered'")
    assert len(live) == len({offer["driver_id"] for offer in live}) > 0


def test_two_batches_of_one_slot_plan_once(world: World) -> None:
    for _ in range(2):
        world.a_ready_order()
    slot = int(world.api.clock.advance(seconds=30).timestamp())
    answers: list[Response] = all_at_once(
        [lambda: world.platform.post("/internal/dispatch/batch?region_id=dfw", {"slot": slot})] * 4
    )
    assert Counter(taken(answer)["outcome"] for answer in answers) == {"ran": 1, "taken": 3}
    assert world.one("SELECT count(*) AS trips FROM trips")["trips"] == 1


class Killed(BaseException):
    """Stands for the end of the process: nothing below may handle it."""


def test_a_batch_that_dies_while_it_plans_leaves_nothing_and_its_slot_free(world: World) -> None:
    for _ in range(2):
        world.a_ready_order()
    slot_at = world.api.clock.advance(seconds=30)

    def dying(_routings: Sequence[Routing]) -> list[Routes]:
        raise Killed

    with pytest.raises(Killed), storage.unit_of_work() as work:
        batch_loop.run(work, "dfw", slot_at, Bundling(), routers(), dying)
    assert world.rows("SELECT 1 FROM trips") == []
    again = world.platform.post("/internal/dispatch/batch?region_id=dfw", {"slot": int(slot_at.timestamp())})
    assert taken(again) == {"outcome": "ran", "orders": 2, "trips": 1, "joining": 0}


def test_an_order_that_is_held_elsewhere_is_left_out_of_the_plan(world: World) -> None:
    first, _second = world.a_ready_order(), world.a_ready_order()
    with storage.unit_of_work() as busy:
        busy.run("SELECT 1 FROM orders WHERE order_id = :id FOR UPDATE", id=first["id"])
        assert world.batch()["trips"] == 0, "nobody waits for anybody"
    assert world.batch()["trips"] == 1


def test_a_slot_that_comes_too_late_is_dropped_and_an_unknown_region_is_refused(world: World) -> None:
    late = int(world.api.clock.now.timestamp()) - 31
    answer = world.platform.post("/internal/dispatch/batch?region_id=dfw", {"slot": late})
    assert taken(answer)["outcome"] == "late"
    with pytest.raises(NotFound), storage.unit_of_work() as work:
        batch_loop.run(work, "nowhere", datetime.now(UTC), Bundling(), routers(), lambda _routings: [])
