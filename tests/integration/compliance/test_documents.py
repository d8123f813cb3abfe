"""A driver's documents: what review finds, and where a lapse stops the driver."""

import pytest

from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.world import NEXT_DOOR, World

SWEEP = "/internal/maintenance/expire_documents"


def document_of(driver: Client, kind: str = "licence") -> Json:
    [found] = [
        each for each in taken(driver.get(f"/v1/drivers/{driver.id}/documents"))["items"] if each["kind"] == kind
    ]
    return dict(found)


def review(world: World, driver: Client, document_id: str, decision: str, **more: object) -> Json:
    path = f"/v1/admin/drivers/{driver.id}/documents/{document_id}/review"
    return taken(world.admin.post(path, {"decision": decision, **more}))


def go_online(driver: Client) -> object:
    return driver.post(f"/v1/drivers/{driver.id}/online", {"position": NEXT_DOOR})


def file(driver: Client, kind: str, expires_on: str) -> Json:
    driver.clock.advance(seconds=1)
    document = {"kind": kind, "vendor_token": "tok_new", "issuer": "TX", "expires_on": expires_on}
    return taken(driver.post(f"/v1/drivers/{driver.id}/documents", document))


@pytest.mark.rule("us-driver-licence", "us-driver-insurance")
@pytest.mark.parametrize("kind", ["licence", "insurance"])
def test_a_licence_of_the_young_and_an_insurance_without_deliveries_do_not_do(world: World, kind: str) -> None:
    driver = world.hire_driver(online=False)
    review(world, driver, document_of(driver, kind)["id"], "revoke")
    renewed = file(driver, kind, "2029-01-31")
    review(world, driver, renewed["id"], "verify")
    problem = refused(go_online(driver), 409, "documents_missing")
    assert problem["missing"] == [{"kind": kind, "status": "rejected"}]
    assert problem["rule_ids"] == [f"us-driver-{kind}"]


def test_a_renewal_in_review_keeps_the_driver_on_the_road(world: World) -> None:
    driver = world.hire_driver(online=False)
    filed = file(driver, "licence", "2033-01-31")
    assert (filed["status"], document_of(driver)["id"]) == ("submitted", filed["id"])
    assert taken(go_online(driver))["online"]
    review(world, driver, filed["id"], "reject", reason="Not legible.")
    assert taken(go_online(driver))["online"]


def test_a_driver_whose_document_is_revoked_is_offered_nothing_more(world: World) -> None:
    [driver] = world.drivers
    world.a_ready_order()
    review(world, driver, document_of(driver)["id"], "revoke", reason="Suspended by the state.")
    assert world.tick()["offers"] == 0
    refused(go_online(driver), 409, "documents_missing")
    found = taken(world.admin.get("/v1/drivers", compliance="incomplete"))["items"]
    assert [each["id"] for each in found] == [driver.id]
    again = file(driver, "licence", "2030-01-31")
    review(world, driver, again["id"], "verify", attested=["age_21"])
    assert world.tick()["offers"] == 1


@pytest.mark.rule("us-driver-photo")
def test_a_driver_whose_document_lapsed_on_the_way_to_the_store_gets_no_goods(world: World) -> None:
    order, driver, task_id = world.a_dispatched_order()
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_pickup"))
    review(world, driver, document_of(driver, "photo")["id"], "revoke")
    problem = refused(driver.post(f"/v1/tasks/{task_id}/pickup"), 409, "gate_refused")
    assert (problem["gate"], [reason["code"] for reason in problem["reasons"]]) == ("driver", ["document_revoked"])
    assert world.read(order["id"])["status"] == "dispatched"
    assert world.one("SELECT status FROM tasks WHERE task_id = :id", id=task_id)["status"] == "at_pickup"
    assert world.events(order["id"])[-1] == "gate_refused"
    assert world.verdict(order["id"])["valid"]


def test_a_driver_whose_document_lapsed_before_the_door_brings_the_goods_back(world: World) -> None:
    order, driver, _task_id = world.an_order_cleared_at_the_door()
    review(world, driver, document_of(driver, "insurance")["id"], "revoke")
    confirm = f"/v1/orders/{order['id']}/deliver/confirm"
    assert refused(driver.post(confirm, key="a"), 409, "gate_refused")["gate"] == "driver"
    assert world.read(order["id"])["payment"]["captured_minor"] == 0
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "documents_lapsed"}))
    turned_away = world.read(order["id"])
    assert (turned_away["status"], turned_away["payment"]["status"]) == ("refused", "voided")


def test_a_document_that_has_its_last_day_counts_until_the_local_day_is_over(world: World) -> None:
    driver = world.hire_driver(online=False)
    world.connection.fetch(
        "UPDATE driver_documents SET expires_on = '2026-11-20' WHERE driver_id = :id AND kind = 'photo'",
        {"id": driver.id},
    )
    world.api.clock.advance(hours=11, minutes=59)
    assert taken(go_online(driver))["online"]
    assert taken(world.platform.post(SWEEP))["expired"] == 0
    world.api.clock.advance(minutes=1)
    refused(go_online(driver), 409, "documents_missing")
    assert taken(world.platform.post(SWEEP))["expired"] == 1
    assert document_of(driver, "photo")["status"] == "expired"


def test_a_driver_hears_of_a_document_that_ends_soon(world: World) -> None:
    driver = world.drivers[0]
    world.connection.fetch("UPDATE driver_documents SET expires_on = '2026-11-25' WHERE kind = 'photo'", {})
    assert taken(world.platform.post(SWEEP)) == {"reminded": 1, "expired": 0, "orders_stopped": 0}
    heard = world.rows("SELECT data FROM broker_deliveries WHERE data ->> 'type' = 'document_expiring'")
    assert heard
    assert {(row["data"]["driver_id"], row["data"]["kind"], row["data"]["days_left"]) for row in heard} == {
        (driver.id, "photo", 5)
    }
    assert "vendor_token" not in str(heard)
