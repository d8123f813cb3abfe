"""The right to be forgotten, and what the law keeps from it."""

from datetime import UTC, datetime

import pytest

from shared.storage.connection import Connection
from tests.fixtures.http import Client, refused, taken
from tests.fixtures.world import World
from tests.integration.privacy.people import (
    HOME,
    PERSONAL,
    as_customer,
    event_data,
    everything,
    register_ana,
    tell_recorder,
)

COLA = 1


@pytest.fixture
def ana(world: World) -> Client:
    return as_customer(world, register_ana(world.api)).customer


def test_a_person_is_readable_in_no_table_but_by_the_address_to_sign_in_with(
    world: World, ana: Client, connection: Connection
) -> None:
    world.a_delivered_order()
    tell_recorder(world, world.rows("SELECT order_id FROM orders")[0]["order_id"])
    connection.fetch("DELETE FROM idempotency_keys")  # answers to repeat are kept for a day
    stored = everything(connection)
    assert [word for word in PERSONAL if word in stored] == ["ana.reyes@example.com"]


def test_erasure_leaves_no_word_of_the_person_anywhere(world: World, ana: Client, connection: Connection) -> None:
    order_id = world.an_order(world.shop.products[COLA])["id"]
    taken(ana.post(f"/v1/orders/{order_id}/cancel", {"reason": "changed_mind"}))
    assert any(word in everything(connection) for word in PERSONAL)
    erased = taken(ana.delete("/v1/customers/me"))
    assert erased["kept"] == []
    assert "profile" in erased["erased"]
    remains = everything(connection)
    assert [word for word in PERSONAL if word in remains] == []
    refused(ana.get("/v1/auth/session"), 401, "unauthenticated")
    login = {"email": "ana.reyes@example.com", "password": "correct horse battery staple"}
    refused(world.api.post("/v1/auth/login", login), 401, "wrong_credentials")
    assert world.verdict(order_id)["valid"] is True


def test_erasure_destroys_the_key_and_blurs_where_the_orders_went(world: World, ana: Client) -> None:
    precise = {"label": "Work", "line": "2 Elm St, Dallas", "position": {"lat": 32.781234, "lng": -96.801234}}
    world.address_id = taken(ana.post("/v1/customers/me/addresses", precise))["id"]
    order_id = world.an_order(world.shop.products[COLA])["id"]
    taken(ana.post(f"/v1/orders/{order_id}/cancel", {"reason": "changed_mind"}))
    taken(ana.delete("/v1/customers/me"))
    key = world.one("SELECT wrapped, destroyed_at FROM vault_keys WHERE subject_id = :id", id=ana.id)
    assert key["wrapped"] is None
    assert key["destroyed_at"] == world.api.clock.now
    assert (
        world.rows("SELECT 1 FROM vault_entries e JOIN vault_keys k USING (key_id) WHERE k.subject_id = :id", id=ana.id)
        == []
    )
    where = world.one("SELECT dropoff_lat, dropoff_lng FROM orders WHERE order_id = :id", id=order_id)
    assert where == {"dropoff_lat": 32.78, "dropoff_lng": -96.8}


def test_erasure_waits_for_open_orders(world: World, ana: Client) -> None:
    order_id = world.an_order()["id"]
    problem = refused(ana.delete("/v1/customers/me"), 409, "orders_open")
    assert problem["order_ids"] == [order_id]
    assert len(taken(ana.get("/v1/customers/me/addresses"))["items"]) == 1


def test_erasing_one_customer_leaves_the_others(world: World, ana: Client) -> None:
    other = world.api.register("customer")
    taken(other.post("/v1/customers/me/addresses", HOME))
    taken(ana.delete("/v1/customers/me"))
    assert taken(other.get("/v1/customers/me/addresses"))["items"][0]["line"] == HOME["line"]
    assert taken(other.get("/v1/auth/session"))["account"]["name"] == other.account["name"]


def test_the_records_of_sales_outlive_an_erasure_until_the_law_lets_them_go(
    world: World, ana: Client, platform: Client, connection: Connection
) -> None:
    order_id = world.a_delivered_order()[0]["id"]
    [kept] = taken(ana.delete("/v1/customers/me"))["kept"]
    assert (kept["what"], kept["sales"], kept["until"]) == ("delivery_sale_records", 1, "2030-12-31")
    assert "15 USC 376a" in kept["reason"]
    remains = everything(connection)
    assert [word for word in PERSONAL if word in remains] == []

    shred = "/internal/maintenance/shred_expired"
    not_everywhere = datetime(2031, 1, 1, 23, 59, tzinfo=UTC)
    world.api.clock.advance(seconds=(not_everywhere - world.api.clock.now).total_seconds())
    assert taken(platform.post(shred)) == {"keys": 0}
    world.api.clock.advance(minutes=1)
    assert taken(platform.post(shred)) == {"keys": 1}
    assert taken(platform.post(shred)) == {"keys": 0}
    assert connection.fetch("SELECT 1 FROM vault_entries WHERE kind = 'sale'") == []

    admin = world.api.sign_in("admin@cloudrun.localhost")
    events = taken(admin.get(f"/v1/orders/{order_id}/dossier"))["events"]
    recorded, destroyed = events[-2]["data"], events[-1]["data"]
    assert (events[-2]["type"], events[-1]["type"]) == ("sale_recorded", "sale_record_destroyed")
    assert destroyed["evidence_id"] == recorded["evidence_id"]
    assert taken(admin.get(f"/v1/orders/{order_id}/dossier/verify"))["valid"] is True


def test_a_hold_stops_the_clock_and_the_erasure(world: World, ana: Client, admin: Client, platform: Client) -> None:
    order_id = world.a_delivered_order()[0]["id"]
    holds = f"/v1/admin/subjects/{ana.id}/legal_holds"
    hold = taken(admin.post(holds, {"reason": "Matter 26-114, county court"}))
    assert ana.delete(f"/v1/customers/me/addresses/{world.address_id}").status_code == 204
    address = "SELECT count(*) AS entries FROM vault_entries WHERE kind = 'address'"
    assert world.one(address)["entries"] == 1
    answer = taken(ana.delete("/v1/customers/me"))
    assert [(kept["what"], kept["until"]) for kept in answer["kept"]] == [
        ("delivery_sale_records", "2030-12-31"),
        ("everything", None),
    ]
    assert "profile" not in answer["erased"]
    refused(ana.get("/v1/auth/session"), 401, "unauthenticated")

    world.api.clock.advance(days=366 * 5)
    shred = "/internal/maintenance/shred_expired"
    assert taken(platform.post(shred)) == {"keys": 0}
    kept_keys = "SELECT count(*) AS keys FROM vault_keys WHERE subject_id = :id AND wrapped IS NOT NULL"
    assert world.one(kept_keys, id=ana.id)["keys"] == 2
    place = "SELECT dropoff_lat FROM orders WHERE order_id = :id"
    world.rows("UPDATE orders SET dropoff_lat = 32.781234 WHERE order_id = :id", id=order_id)

    admin = world.api.sign_in("admin@cloudrun.localhost")
    lifted = taken(admin.delete(f"{holds}/{hold['id']}"))
    assert lifted["lifted_at"] is not None
    refused(admin.delete(f"{holds}/{hold['id']}"), 409, "hold_lifted")
    assert taken(platform.post(shred)) == {"keys": 2}
    assert world.one(kept_keys, id=ana.id)["keys"] == 0
    assert world.one(address)["entries"] == 0
    assert world.one(place, id=order_id)["dropoff_lat"] == 32.78


def test_a_hold_needs_someone_of_whom_something_is_kept(world: World, ana: Client, admin: Client) -> None:
    refused(admin.post("/v1/admin/subjects/cus_nobody/legal_holds", {"reason": "x"}), 404, "not_found")
    refused(admin.get("/v1/admin/subjects/cus_nobody/legal_holds"), 404, "not_found")
    refused(admin.delete(f"/v1/admin/subjects/{ana.id}/legal_holds/hld_none"), 404, "not_found")
    assert taken(admin.get(f"/v1/admin/subjects/{ana.id}/legal_holds")) == {"items": []}


def test_an_address_removed_under_way_is_still_on_the_record_and_then_gone(
    world: World, ana: Client, platform: Client
) -> None:
    order, driver, _ = world.an_order_cleared_at_the_door()
    assert ana.delete(f"/v1/customers/me/addresses/{world.address_id}").status_code == 204
    assert taken(ana.get("/v1/customers/me/addresses"))["items"] == []
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key=world.key()))
    assert taken(platform.post("/internal/maintenance/record_sales")) == {"recorded": 1}
    [record] = taken(ana.get("/v1/customers/me/export"))["sale_records"]
    assert record["record"]["purchaser"]["address"] == HOME["line"]
    assert world.rows("SELECT 1 FROM vault_entries WHERE kind = 'address'") == []


def test_what_the_dossier_says_of_a_record_names_nobody(world: World, ana: Client) -> None:
    order_id = world.a_delivered_order()[0]["id"]
    assert tell_recorder(world, order_id) == {"recorded": True}
    assert tell_recorder(world, order_id) == {"recorded": False}
    [data] = event_data(world, order_id, "sale_recorded")
    assert sorted(data) == ["ciphertext_sha256", "commitment", "evidence_id", "retain_until", "status"]
    assert world.verdict(order_id)["valid"] is True
