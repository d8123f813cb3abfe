"""The way that is left, for the driver's app."""

from tests.fixtures.http import refused, taken
from tests.fixtures.world import World


def test_the_way_leads_by_the_store_to_the_door_and_grows_shorter(world: World) -> None:
    order, driver, task_id = world.a_dispatched_order()
    path = f"/v1/tasks/{task_id}/route"
    whole = taken(driver.get(path))
    assert whole["geometry"][-1] == order["dropoff"]
    assert order["pickup"] in whole["geometry"]
    assert whole["steps"][0]["instruction"]
    for step in ("arrive_pickup", "pickup"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}"))
    rest = taken(driver.get(path))
    assert rest["distance_m"] < whole["distance_m"]
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_dropoff"))
    refused(driver.get(path), 409, "not_possible_now")


def test_the_offer_log_names_the_router_that_answered(world: World) -> None:
    world.an_offered_order()
    assert world.one("SELECT router FROM offer_logs")["router"] == "haversine"
