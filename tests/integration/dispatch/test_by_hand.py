"""An operator dispatches by hand."""

import pytest

from tests.fixtures.http import Json, refused, taken
from tests.fixtures.world import NEXT_DOOR, World


def assign(world: World, order_id: str, driver_id: str, **more: object) -> Json:
    return taken(world.admin.post(f"/v1/admin/orders/{order_id}/assign", {"driver_id": driver_id} | more))


def test_an_offer_by_hand_is_an_offer_like_any_other(world: World) -> None:
    order, driver = world.a_ready_order(), world.drivers[0]
    assign(world, order["id"], driver.id)
    offer = taken(driver.get(f"/v1/drivers/{driver.id}/task"))["offer"]
    assert offer["order_id"] == order["id"]
    taken(driver.post(f"/v1/tasks/{offer['task_id']}/accept", key="a"))
    assert world.read(order["id"])["driver_id"] == driver.id


def test_it_takes_back_the_offer_that_somebody_else_has(world: World) -> None:
    order, first, task_id = world.an_offered_order()
    second = world.hire_driver()
    assign(world, order["id"], second.id)
    refused(first.post(f"/v1/tasks/{task_id}/accept", key="a"), 409, "offer_ended")
    taken(second.post(f"/v1/tasks/{task_id}/accept", key="b"))
    ends = {row["driver_id"]: row["status"] for row in world.rows("SELECT driver_id, status FROM offers")}
    assert ends == {first.id: "revoked", second.id: "accepted"}


def test_a_driver_who_is_away_is_not_offered_it_and_may_be_ordered_with_a_reason(world: World) -> None:
    order, away = world.a_ready_order(), world.hire_driver(online=False)
    path = f"/v1/admin/orders/{order['id']}/assign"
    problem = refused(world.admin.post(path, {"driver_id": away.id}), 409, "driver_not_available")
    assert problem["reasons"] == ["offline", "stale_position"]
    refused(world.admin.post(path, {"driver_id": away.id, "force": True}), 422, "invalid_input")
    given = assign(world, order["id"], away.id, force=True, reason="called on the phone")
    assert (given["status"], given["driver_id"]) == ("dispatched", away.id)
    dossier = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))
    event = dossier["events"][-1]
    assert (event["type"], event["actor"]["role"], event["data"]["forced"]) == (
        "driver_assigned",
        "admin",
        "called on the phone",
    )


def test_nobody_is_given_a_second_task_not_even_by_force(world: World) -> None:
    _first, driver, _task = world.a_dispatched_order()
    second = world.a_ready_order()
    forced = {"driver_id": driver.id, "force": True, "reason": "in a hurry"}
    refused(world.admin.post(f"/v1/admin/orders/{second['id']}/assign", forced), 409, "driver_busy")


@pytest.mark.parametrize("ready", [True, False])
def test_an_order_is_taken_from_a_silent_driver_and_goes_to_another(world: World, ready: bool) -> None:
    if ready:
        order, silent, _task = world.a_dispatched_order()
    else:
        order, silent = world.an_accepted_order(), world.drivers[0]
        taken(world.act(order["id"], action="preparing"))
        assert world.tick()["offers"] == 1
        task = world.one("SELECT task_id FROM tasks")
        taken(silent.post(f"/v1/tasks/{task['task_id']}/accept", key="a"))
    path = f"/v1/admin/orders/{order['id']}/reassign"
    refused(world.admin.post(path, {}), 422, "invalid_input")
    world.api.clock.advance(minutes=11)
    back = taken(world.admin.post(path, {}))
    assert (back["status"], back["driver_id"]) == ("ready" if ready else "preparing", None)
    assert taken(silent.get(f"/v1/drivers/{silent.id}/task")) == {
        "offer": None,
        "task": None,
        "trip": None,
        "hint": None,
    }
    world.hire_driver()
    report = {"positions": [{**NEXT_DOOR, "at": world.api.clock.now.isoformat()}]}
    taken(silent.post(f"/v1/drivers/{silent.id}/location", report))
    assert world.tick()["offers"] == 1
    offered = world.one("SELECT driver_id FROM offers WHERE status = 'offered'")
    assert offered["driver_id"] != silent.id, "the one it was taken from is not asked again"
    assert world.verdict(order["id"])["valid"]


def test_goods_on_the_road_are_not_taken_from_their_driver(world: World) -> None:
    order, driver, task_id = world.a_dispatched_order()
    for step in ("arrive_pickup", "pickup"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}"))
    problem = world.admin.post(f"/v1/admin/orders/{order['id']}/reassign", {"reason": "too slow"})
    refused(problem, 409, "not_possible_now")


def test_an_order_without_a_task_has_nothing_to_assign(world: World) -> None:
    order = world.an_order()
    answer = world.admin.post(f"/v1/admin/orders/{order['id']}/assign", {"driver_id": world.drivers[0].id})
    refused(answer, 409, "nothing_to_assign")
