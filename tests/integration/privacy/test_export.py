"""The right of access."""

import hashlib

import rfc8785

from tests.fixtures.http import taken
from tests.fixtures.world import World
from tests.integration.privacy.people import HOME, as_customer, event_data, register_ana, tell_recorder


def test_the_export_holds_everything_and_nobody_elses(world: World) -> None:
    others = world.a_delivered_order()[0]["id"]
    tell_recorder(world, others)
    ana = as_customer(world, register_ana(world.api)).customer
    order_id = world.a_delivered_order()[0]["id"]
    tell_recorder(world, order_id)
    found = taken(ana.get("/v1/customers/me/export"))
    assert found["profile"]["name"] == "Ana Reyes"
    assert found["profile"]["phone"] == "+12145550199"
    assert [address["line"] for address in found["addresses"]] == [HOME["line"]]
    assert [order["id"] for order in found["orders"]] == [order_id]
    assert [(check["order_id"], check["status"]) for check in found["age_checks"]] == [(order_id, "passed")]
    assert [kept["until"] for kept in found["kept_by_law"]] == ["2030-12-31"]
    [sale] = found["sale_records"]
    assert sale["record"]["purchaser"]["email"] == "ana.reyes@example.com"
    [goods] = sale["record"]["goods"]
    assert (goods["product_id"], goods["brand"]) == (world.shop.products[0], "Tobacco pods")
    assert (goods["quantity"], goods["amount_minor"]) == (1, 1_899)


def test_whoever_has_the_record_can_show_that_the_dossier_committed_to_it(world: World) -> None:
    ana = as_customer(world, register_ana(world.api)).customer
    order_id = world.a_delivered_order()[0]["id"]
    tell_recorder(world, order_id)
    [sale] = taken(ana.get("/v1/customers/me/export"))["sale_records"]
    [committed] = event_data(world, order_id, "sale_recorded")
    content = bytes.fromhex(sale["salt"]) + rfc8785.dumps(sale["record"])
    assert hashlib.sha256(content).hexdigest() == committed["commitment"] == sale["commitment"]
    stored = world.one("SELECT sealed FROM vault_entries WHERE entry_id = :id", id=committed["evidence_id"])["sealed"]
    assert hashlib.sha256(stored).hexdigest() == committed["ciphertext_sha256"]
