"""Decoys: planned by an administrator, refused or not by a driver who cannot tell, known to operators alone."""

from datetime import timedelta

from tests.fixtures.http import Json, refused, taken
from tests.fixtures.world import World


def plan(world: World, scenario: str = "underage", **later: float) -> Json:
    at = world.api.clock.now + timedelta(**later)
    body = {"scenario": scenario, "customer_id": world.customer.id, "scheduled_for": at.isoformat()}
    return taken(world.admin.post("/v1/admin/decoys", body))


def follow(world: World) -> int:
    return int(taken(world.platform.post("/internal/maintenance/follow_decoys"))["settled"])


def decoys(world: World) -> list[Json]:
    return list(taken(world.admin.get("/v1/admin/decoys"))["items"])


def report(world: World) -> Json:
    return taken(world.admin.get("/v1/admin/decoys/report"))


def test_a_driver_who_refuses_passes_and_one_who_hands_over_does_not(world: World) -> None:
    plan(world)
    order, driver, _task = world.an_order_at_the_door()
    assert follow(world) == 0
    assert (decoys(world)[0]["order_id"], decoys(world)[0]["outcome"]) == (order["id"], None)
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "underage"}))
    assert follow(world) == 1
    (decoy,) = decoys(world)
    assert (decoy["outcome"], decoy["reason"], decoy["driver_id"]) == ("refused", "underage", driver.id)
    taken(driver.post(f"/v1/tasks/{world.task_of(order)}/arrive_dropoff"))
    taken(world.shop.merchant.post(f"/v1/orders/{order['id']}/return/confirm", {"condition": "sealed"}))
    world.api.clock.advance(minutes=1)
    plan(world, "id_mismatch")
    order, driver, _task = world.a_delivered_order()
    assert follow(world) == 1
    assert decoys(world)[0]["outcome"] == "handed_over"
    found = report(world)
    assert found["pass_rate"] == 0.5
    assert [(row["scenario"], row["pass_rate"]) for row in found["scenarios"]] == [
        ("id_mismatch", 0.0),
        ("underage", 1.0),
    ]
    (row,) = taken(world.admin.get("/v1/admin/drivers/doorstep_checks", region_id="dfw"))["items"]
    assert (row["decoys_refused"], row["decoys_handed_over"]) == (1, 1)
    assert "handed_over_to_a_decoy" in row["anomalies"]


def test_a_refusal_for_another_reason_shows_nothing(world: World) -> None:
    plan(world)
    order, driver, _task = world.an_order_at_the_door()
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "nobody_home"}))
    assert follow(world) == 1
    assert (decoys(world)[0]["outcome"], report(world)["pass_rate"]) == ("void", None)


def test_two_plans_of_one_buyer_are_two_orders_in_their_sequence(world: World) -> None:
    first = plan(world, "no_id")
    second = plan(world, "id_expired", minutes=5)
    one = world.an_order()
    world.api.clock.advance(minutes=6)
    other = world.an_order()
    follow(world)
    assert {decoy["id"]: decoy["order_id"] for decoy in decoys(world)} == {
        first["id"]: one["id"],
        second["id"]: other["id"],
    }


def test_ordinary_goods_and_earlier_orders_are_no_decoys(world: World) -> None:
    world.an_order()
    world.api.clock.advance(minutes=1)
    plan(world)
    world.an_order(world.shop.products[1])
    follow(world)
    assert decoys(world)[0]["order_id"] is None


def test_a_buyer_who_never_orders_leaves_it_void(world: World) -> None:
    plan(world)
    world.api.clock.advance(hours=11)
    assert follow(world) == 0
    world.api.clock.advance(hours=2)
    assert follow(world) == 1
    assert (decoys(world)[0]["outcome"], decoys(world)[0]["reason"]) == ("void", "not_ordered")


def test_a_plan_needs_a_buyer_and_a_time_to_come(world: World) -> None:
    at = world.api.clock.now
    body = {"scenario": "underage", "customer_id": world.shop.merchant.id, "scheduled_for": at.isoformat()}
    refused(world.admin.post("/v1/admin/decoys", body), 404, "not_found")
    past = body | {"customer_id": world.customer.id, "scheduled_for": (at - timedelta(minutes=1)).isoformat()}
    refused(world.admin.post("/v1/admin/decoys", past), 422, "invalid_input")
    assert decoys(world) == []


def test_nobody_but_an_operator_can_tell_a_decoy(world: World) -> None:
    decoy = plan(world)
    order, driver, _task = world.an_order_at_the_door()
    follow(world)
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "underage"}))
    follow(world)
    path = f"/v1/orders/{order['id']}"
    shown = [
        *(client.get(path) for client in (world.customer, world.shop.merchant, driver)),
        *(world.shop.merchant.get(f"{path}/{part}") for part in ("dossier", "custody", "delivery")),
        driver.get(f"/v1/drivers/{driver.id}/task"),
    ]
    for answer in shown:
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "decoy" not in text
        assert decoy["id"] not in text
    tables = [row["tablename"] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    knowing = [
        name
        for name in tables
        if world.rows(f"SELECT 1 FROM {name} AS t WHERE t::text LIKE :id LIMIT 1", id=f"%{decoy['id']}%")
    ]
    assert knowing == ["decoys"]
    for client in (world.customer, world.shop.merchant, driver):
        refused(client.get("/v1/admin/decoys"), 403, "forbidden")
