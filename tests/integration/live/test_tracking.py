"""Where the order is: for its customer, and for whoever has the tracking number."""

from datetime import datetime

from tests.fixtures.http import refused, taken
from tests.fixtures.world import NEXT_DOOR, World


def test_before_a_driver_has_it_there_is_no_delivery_to_show(world: World) -> None:
    order = world.a_ready_order()
    problem = refused(world.customer.get(f"/v1/orders/{order['id']}/delivery"), 409, "not_dispatched_yet")
    assert problem["current_status"] == "ready"


def test_the_customer_sees_the_driver_come_nearer(world: World) -> None:
    order, driver, task_id = world.a_dispatched_order()
    path = f"/v1/orders/{order['id']}/delivery"
    first = taken(world.customer.get(path))
    assert first["driver"]["first_name"] == "Robin"
    assert first["driver"]["position"] == NEXT_DOOR
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_pickup"))
    taken(driver.post(f"/v1/tasks/{task_id}/pickup"))
    world.api.clock.advance(minutes=1)
    second = taken(world.customer.get(path))
    assert second["progress_percent"] > first["progress_percent"]
    assert datetime.fromisoformat(second["eta_at"]) <= datetime.fromisoformat(first["eta_at"])
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_dropoff"))
    assert taken(world.customer.get(path))["progress_percent"] == 99


def test_a_delivered_order_is_all_the_way_and_its_driver_is_no_longer_shown(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    shown = taken(world.customer.get(f"/v1/orders/{order['id']}/delivery"))
    assert (shown["progress_percent"], shown["eta_at"], shown["driver"]["position"]) == (100, None, None)


def test_the_tracking_number_shows_the_way_and_nobody(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    shown = taken(world.api.get(f"/v1/track/{order['tracking_id']}"))
    assert shown["status"] == "delivered"
    assert shown["timeline"][0]["status"] == "created"
    assert not {"customer_id", "driver_id", "dropoff", "order_id"} & shown.keys()


def test_an_unknown_tracking_number_is_not_found(world: World) -> None:
    refused(world.api.get("/v1/track/00000000"), 404, "not_found")


def test_operators_find_drivers(world: World) -> None:
    offline = world.hire_driver(online=False)
    newcomer = world.api.register("driver")
    taken(newcomer.post("/v1/drivers", {"first_name": "Sam", "region_id": "dfw", "vehicle": {"kind": "bike"}}))

    def found(**query: object) -> set[str]:
        return {driver["id"] for driver in taken(world.admin.get("/v1/drivers", **query))["items"]}

    online = {world.drivers[0].id}
    assert found(status="online") == online
    assert found(status="offline") == {offline.id, newcomer.id}
    assert found(compliance="compliant") == online | {offline.id}
    assert found(compliance="incomplete") == {newcomer.id}
    assert found(region_id="elsewhere") == set()
