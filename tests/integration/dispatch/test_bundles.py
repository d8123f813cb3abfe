"""Several orders in one go, from the plan to the last door, on real Postgres."""

from datetime import timedelta
from typing import Any

import pytest

from shared.dispatch import explanation, hindsight
from shared.wiring import storage
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.world import NEXT_DOOR, PASSING_CHECK, World


def fetch(driver: Client, task_id: str) -> None:
    for step in ("arrive_pickup", "pickup"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}"))


def hand_over(world: World, driver: Client, order: Json, task_id: str) -> None:
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_dropoff"))
    taken(driver.post(f"/v1/orders/{order['id']}/doorstep_id_check/submit", PASSING_CHECK, key=world.key()))
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key=world.key()))


def work_of(driver: Client) -> Json:
    return taken(driver.get(f"/v1/drivers/{driver.id}/task"))


def trips(world: World) -> list[dict[str, Any]]:
    return [
        {"status": row["status"], "tasks": row["tasks"]}
        for row in world.rows(
            """SELECT p.status, count(t.task_id) AS tasks FROM trips p LEFT JOIN tasks t USING (trip_id)
            GROUP BY p.trip_id ORDER BY p.trip_id"""
        )
    ]


def statuses(world: World, orders: list[Json]) -> list[str]:
    return [world.read(order["id"])["status"] for order in orders]


def test_two_orders_of_one_store_are_planned_offered_and_carried_as_one(world: World) -> None:
    orders, driver, task_ids = world.an_offered_trip()
    offer = work_of(driver)["offer"]
    assert [stop["kind"] for stop in offer["stops"]] == ["pickup", "pickup", "dropoff", "dropoff"]
    assert not offer["joins_trip"]
    alone = world.rows("SELECT payout_minor FROM tasks")
    assert offer["payout_minor"] == sum(row["payout_minor"] for row in alone) - 210, "the way to the store is paid once"
    taken(driver.post(f"/v1/tasks/{task_ids[1]}/accept", key="any task of the trip"))
    assert statuses(world, orders) == ["dispatched", "dispatched"]
    assert sum(row["payout_minor"] for row in world.rows("SELECT payout_minor FROM tasks")) == offer["payout_minor"]
    for task_id in task_ids:
        assert work_of(driver)["task"]["id"] == task_id
        fetch(driver, task_id)
    by_door = [stop["task_id"] for stop in work_of(driver)["trip"]["stops"] if stop["kind"] == "dropoff"]
    for task_id in by_door:
        assert work_of(driver)["task"]["id"] == task_id
        hand_over(world, driver, orders[task_ids.index(task_id)], task_id)
    assert work_of(driver) == {"offer": None, "task": None, "trip": None, "hint": None}
    assert statuses(world, orders) == ["delivered", "delivered"]
    assert trips(world) == [{"status": "done", "tasks": 2}]
    assert world.one("SELECT took_s FROM trips")["took_s"] is not None
    assert world.one("SELECT earned_minor FROM drivers")["earned_minor"] == offer["payout_minor"]
    assert all(world.verdict(order["id"])["valid"] for order in orders)


def test_hindsight_compares_what_trips_took_with_their_orders_apart(world: World) -> None:
    orders, driver, task_ids = world.a_trip()
    for task_id in task_ids:
        fetch(driver, task_id)
    world.api.clock.advance(minutes=4)
    for order, task_id in zip(orders, task_ids, strict=True):
        hand_over(world, driver, order, task_id)
    refresh(world, driver)
    world.a_delivered_order()
    with storage.unit_of_work() as work:
        alone, pair = hindsight.by_size(work, timedelta(hours=1))
    assert (alone["orders"], alone["trips"], alone["apart_s"]) == (1, 1, None)
    assert (pair["orders"], pair["trips"], pair["beaten"], pair["took_s"]) == (2, 1, 1, 240)
    assert pair["apart_s"] == pytest.approx(
        sum(row["apart_s"] for row in world.rows("SELECT apart_s FROM trip_tasks WHERE apart_s IS NOT NULL"))
    )


def test_a_tick_that_offered_a_trip_explains_and_replays_it(world: World) -> None:
    orders, _driver, _task_ids = world.an_offered_trip()
    tick = world.one("SELECT tick_id FROM ticks")["tick_id"]
    with storage.unit_of_work() as work:
        assert explanation.replay(work, tick).made == explanation.replay(work, tick).decided != frozenset()
        for order in orders:
            [(told_of, _at, decision)] = explanation.explain_order(work, order["id"])
            assert told_of == tick
            assert decision.job_id == world.one("SELECT trip_id FROM trips")["trip_id"]
    [job] = taken(world.admin.get(f"/v1/admin/dispatch/ticks/{tick}"))["jobs"]
    assert job["order_ids"] == [order["id"] for order in orders]


def test_a_trip_is_planned_anew_until_it_is_offered_and_stays_as_it_is_when_nothing_changed(world: World) -> None:
    world.a_planned_trip()
    [first] = world.rows("SELECT trip_id FROM trips")
    assert world.batch() == {"outcome": "unchanged", "orders": 2, "trips": 1, "joining": 0}
    assert world.rows("SELECT trip_id FROM trips") == [first]
    world.a_ready_order()
    assert world.batch()["trips"] == 1
    assert trips(world) == [{"status": "dissolved", "tasks": 0}, {"status": "planned", "tasks": 3}]
    assert world.tick()["offers"] == 1
    world.a_ready_order()
    assert world.batch() == {"outcome": "ran", "orders": 1, "trips": 0, "joining": 0}
    assert trips(world)[1] == {"status": "planned", "tasks": 3}, "what is on offer stays as it is"


def test_a_rejected_trip_asks_for_more_and_goes_to_somebody_else(world: World) -> None:
    _orders, first, task_ids = world.an_offered_trip()
    second = world.hire_driver()
    taken(first.post(f"/v1/tasks/{task_ids[1]}/reject", {"reason": "too_far"}))
    assert [row["attempts"] for row in world.rows("SELECT attempts FROM tasks")] == [1, 1]
    assert world.tick()["offers"] == 1
    offered = world.one("SELECT driver_id, trip_id FROM offers WHERE status = 'offered'")
    assert offered["driver_id"] == second.id
    assert offered["trip_id"] is not None


def test_a_trip_that_nobody_answers_expires_as_a_whole(world: World) -> None:
    _orders, driver, task_ids = world.an_offered_trip()
    offer = world.one("SELECT offer_id FROM offers")
    world.api.clock.advance(seconds=31)
    taken(world.platform.post("/internal/dispatch/expire_offer", {"offer_id": offer["offer_id"]}))
    assert [row["attempts"] for row in world.rows("SELECT attempts FROM tasks")] == [1, 1]
    for task_id in task_ids:
        refused(driver.post(f"/v1/tasks/{task_id}/accept", key=world.key()), 409, "offer_ended")


def test_an_order_that_is_cancelled_before_the_offer_is_answered_takes_the_offer_back(world: World) -> None:
    (first, second), driver, task_ids = world.an_offered_trip()
    taken(world.customer.post(f"/v1/orders/{second['id']}/cancel", {"reason": "changed_mind"}))
    assert work_of(driver)["offer"] is None
    refused(driver.post(f"/v1/tasks/{task_ids[0]}/accept", key="a"), 409, "offer_ended")
    assert world.read(first["id"])["status"] == "ready"
    assert world.tick()["offers"] == 1
    taken(driver.post(f"/v1/tasks/{task_ids[0]}/accept", key="b"))
    assert world.read(first["id"])["status"] == "dispatched"


def test_an_order_that_is_cancelled_on_the_way_leaves_the_others_to_their_driver(world: World) -> None:
    (first, second), driver, task_ids = world.a_trip()
    taken(world.customer.post(f"/v1/orders/{first['id']}/cancel", {"reason": "changed_mind"}))
    work = work_of(driver)
    assert work["task"]["id"] == task_ids[1]
    assert {stop["order_id"] for stop in work["trip"]["stops"]} == {second["id"]}
    fetch(driver, task_ids[1])
    hand_over(world, driver, second, task_ids[1])
    assert trips(world) == [{"status": "done", "tasks": 2}]


def test_a_trip_whose_orders_are_all_cancelled_sets_its_driver_free(world: World) -> None:
    orders, driver, _task_ids = world.a_trip()
    for order in orders:
        taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
    assert trips(world) == [{"status": "dissolved", "tasks": 2}]
    taken(driver.post(f"/v1/drivers/{driver.id}/offline"))


def test_what_is_refused_at_one_door_goes_back_after_the_other_doors(world: World) -> None:
    orders, driver, task_ids = world.a_trip()
    for task_id in task_ids:
        fetch(driver, task_id)
    first = work_of(driver)["task"]
    taken(driver.post(f"/v1/tasks/{first['id']}/arrive_dropoff"))
    taken(driver.post(f"/v1/orders/{first['order_id']}/refuse", {"reason": "nobody_home"}))
    other = next(order for order in orders if order["id"] != first["order_id"])
    work = work_of(driver)
    assert work["task"]["order_id"] == other["id"]
    assert [stop["kind"] for stop in work["trip"]["stops"]][-1] == "return"
    hand_over(world, driver, other, work["task"]["id"])
    assert work_of(driver)["task"]["kind"] == "return"
    taken(driver.post(f"/v1/tasks/{work_of(driver)['task']['id']}/arrive_dropoff"))
    taken(world.shop.merchant.post(f"/v1/orders/{first['order_id']}/return/confirm", {"condition": "sealed"}))
    assert work_of(driver)["trip"] is None
    assert trips(world) == [{"status": "done", "tasks": 3}]


def test_every_door_of_a_trip_has_its_own_check(world: World) -> None:
    orders, driver, task_ids = world.a_trip()
    for task_id in task_ids:
        fetch(driver, task_id)
    hand_over(world, driver, orders[0], task_ids[0])
    taken(driver.post(f"/v1/tasks/{task_ids[1]}/arrive_dropoff"))
    unchecked = driver.post(f"/v1/orders/{orders[1]['id']}/deliver/confirm", key="no check")
    refused(unchecked, 409, "doorstep_check_required")
    left = driver.post(f"/v1/orders/{orders[1]['id']}/deliver/confirm", {"left_at_door": True}, key="left")
    refused(left, 409, "gate_refused")
    assert world.read(orders[1]["id"])["status"] == "arrived"


def test_an_operator_takes_the_whole_trip_before_pickup_and_what_is_not_fetched_after(world: World) -> None:
    orders, driver, task_ids = world.a_trip(3)
    fetch(driver, task_ids[0])
    relieved = world.admin.post(f"/v1/admin/orders/{orders[1]['id']}/reassign", {"reason": "a flat tyre"})
    assert taken(relieved)["status"] == "ready"
    assert statuses(world, orders) == ["picked_up", "ready", "ready"]
    assert {stop["task_id"] for stop in work_of(driver)["trip"]["stops"]} == {task_ids[0]}
    waiting = world.rows("SELECT trip_id, driver_id, payout_minor FROM tasks WHERE status = 'open'")
    assert [(row["trip_id"], row["driver_id"]) for row in waiting] == [(None, None)] * 2
    assert all(world.verdict(order["id"])["valid"] for order in orders)


def test_a_planned_order_that_is_assigned_by_hand_leaves_its_trip(world: World) -> None:
    first, second = world.a_planned_trip()
    driver = world.drivers[0]
    taken(world.admin.post(f"/v1/admin/orders/{second['id']}/assign", {"driver_id": driver.id}))
    assert [stop["order_id"] for stop in work_of(driver)["offer"]["stops"]] == [second["id"]] * 2
    assert trips(world) == [{"status": "dissolved", "tasks": 0}]
    assert world.read(first["id"])["status"] == "ready"


def test_a_customer_waits_through_the_stops_before_and_sees_the_driver_once_they_are_behind(world: World) -> None:
    orders, driver, task_ids = world.a_trip()
    report = {"positions": [{**NEXT_DOOR, "at": world.api.clock.now.isoformat()}]}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", report))
    doors = [stop["order_id"] for stop in work_of(driver)["trip"]["stops"] if stop["kind"] == "dropoff"]
    by_id = {order["id"]: task_id for order, task_id in zip(orders, task_ids, strict=True)}
    first, last = (taken(world.customer.get(f"/v1/orders/{order_id}/delivery")) for order_id in doors)
    assert first["eta_at"] < last["eta_at"]
    assert first["driver"]["position"] is not None
    assert last["driver"]["position"] is None, "it would tell where the other customer lives"
    for task_id in task_ids:
        fetch(driver, task_id)
    hand_over(world, driver, {"id": doors[0]}, by_id[doors[0]])
    assert taken(world.customer.get(f"/v1/orders/{doors[1]}/delivery"))["driver"]["position"] is not None


def test_the_way_of_a_task_is_that_of_the_whole_trip(world: World) -> None:
    orders, driver, task_ids = world.a_trip()
    ways = [taken(driver.get(f"/v1/tasks/{task_id}/route")) for task_id in task_ids]
    assert ways[0] == ways[1]
    assert ways[0]["geometry"][-1] == orders[0]["dropoff"]
    for task_id in task_ids:
        fetch(driver, task_id)
    taken(driver.post(f"/v1/tasks/{task_ids[0]}/arrive_dropoff"))
    assert taken(driver.get(f"/v1/tasks/{task_ids[0]}/route"))["geometry"], "the other door is still to come"


def test_a_later_order_of_the_same_store_joins_before_pickup(world: World) -> None:
    first, driver, task_id = world.a_dispatched_order()
    second = world.a_ready_order()
    refresh(world, driver)
    assert world.batch() == {"outcome": "ran", "orders": 1, "trips": 0, "joining": 1}
    offer = work_of(driver)["offer"]
    assert (offer["order_id"], offer["joins_trip"]) == (second["id"], True)
    taken(driver.post(f"/v1/tasks/{offer['task_id']}/accept", key="join"))
    assert trips(world) == [{"status": "active", "tasks": 2}]
    kinds = [(stop["order_id"], stop["kind"]) for stop in work_of(driver)["trip"]["stops"]]
    assert kinds[:2] == [(first["id"], "pickup"), (second["id"], "pickup")]
    fetch(driver, task_id)
    fetch(driver, offer["task_id"])
    hand_over(world, driver, first, task_id)
    hand_over(world, driver, second, offer["task_id"])
    apart = world.rows("SELECT apart_s FROM trip_tasks")
    assert all(row["apart_s"] > 0 for row in apart), "what each would have taken alone is noted for hindsight"


@pytest.mark.parametrize("how", ["rejected", "expired", "revoked"])
def test_an_order_that_does_not_join_waits_for_another_driver(world: World, how: str) -> None:
    first, driver, _task_id = world.a_dispatched_order()
    second = world.a_ready_order()
    refresh(world, driver)
    assert world.batch()["joining"] == 1
    joining = world.one("SELECT offer_id, task_id FROM offers WHERE status = 'offered'")
    if how == "rejected":
        taken(driver.post(f"/v1/tasks/{joining['task_id']}/reject", {"reason": "busy"}))
    elif how == "expired":
        world.api.clock.advance(seconds=31)
        taken(world.platform.post("/internal/dispatch/expire_offer", {"offer_id": joining["offer_id"]}))
    else:
        taken(world.customer.post(f"/v1/orders/{second['id']}/cancel", {"reason": "changed_mind"}))
    assert world.one("SELECT status FROM offers WHERE offer_id = :id", id=joining["offer_id"])["status"] == how
    assert trips(world) == [{"status": "active", "tasks": 1}]
    assert world.read(first["id"])["status"] == "dispatched"
    if how != "revoked":
        refresh(world, driver)
        assert world.batch()["joining"] == 0, "who said no to it is not asked again"
        world.hire_driver()
        assert world.tick()["offers"] == 1


def test_nothing_joins_once_the_first_goods_are_fetched(world: World) -> None:
    _first, driver, task_id = world.a_dispatched_order()
    second = world.a_ready_order()
    refresh(world, driver)
    assert world.batch()["joining"] == 1
    fetch(driver, task_id)
    refused(driver.post(f"/v1/tasks/{world.task_of(second)}/accept", key="too late"), 409, "offer_ended")
    assert world.read(second["id"])["status"] == "ready"
    world.api.clock.advance(seconds=31)
    taken(world.platform.post("/internal/dispatch/expire_offers"))
    third = world.a_ready_order()
    refresh(world, driver)
    assert world.batch()["joining"] == 0
    assert world.read(third["id"])["status"] == "ready"


def refresh(world: World, driver: Client) -> None:
    report = {"positions": [{**NEXT_DOOR, "at": world.api.clock.now.isoformat()}]}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", report))
