"""The right of access."""

import hashlib

import rfc8785

from tests.fixtures.http import taken
from tests.fixtures.shops import NEXT_DOOR
from tests.fixtures.world import World
from tests.integration.privacy.people import (
    DANA,
    HOME,
    MAX,
    as_customer,
    event_data,
    hire_dana,
    open_maxs_shop,
    pay_everybody,
    register_ana,
    tell_recorder,
)


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


def test_a_driver_is_given_everything_and_not_which_orders_were_decoys(world: World) -> None:
    dana, other = hire_dana(world), world.drivers[0]
    order_id = world.a_delivered_order()[0]["id"]
    answer = dana.get(f"/v1/drivers/{dana.id}/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="everything-about-me.json"'
    found = taken(answer)
    assert found["profile"]["phone"] == DANA["phone"]
    assert found["driver"]["vehicle"]["plate"] == "KXP-4471"
    assert "doc_dana_photo" in [document["vendor_token"] for document in found["documents"]]
    assert [(offer["order_id"], offer["status"]) for offer in found["offers"]] == [(order_id, "accepted")]
    [check] = found["doorstep_checks"]
    assert (check["order_id"], check["grade"], check["passed"]) == (order_id, "parsed", True)
    earned = taken(dana.get(f"/v1/drivers/{dana.id}/earnings"))["balance_minor"]
    assert sum(posting["amount_minor"] for posting in found["ledger"]) == earned > 0
    assert found["last_position"]["lat"] == NEXT_DOOR["lat"]
    assert "decoy" not in str(found)
    theirs = taken(other.get(f"/v1/drivers/{other.id}/export"))
    assert (theirs["offers"], theirs["ledger"], theirs["kept_by_law"]) == ([], [], [])


def test_a_merchant_is_given_what_is_known_of_owner_and_business(world: World) -> None:
    other = world.shop.merchant
    owner = open_maxs_shop(world)
    world.a_delivered_order()
    pay_everybody()
    found = taken(owner.get(f"/v1/merchants/{owner.id}/export"))
    assert found["profile"]["email"] == MAX["email"]
    assert (found["merchant"]["name"], found["merchant"]["payment_account"]) == ("Plum Row Vapor", "acct_max")
    assert [store["address"] for store in found["stores"]] == ["77 Plum Row, Dallas, TX 75202"]
    assert len(found["products"]) == 1
    assert len(found["permits"]) == 5
    assert [payout["amount_minor"] > 0 for payout in found["payouts"]] == [True]
    assert "Plum Row" not in str(taken(other.get(f"/v1/merchants/{other.id}/export")))


def test_someone_who_only_registered_is_given_the_account(world: World) -> None:
    for role in ("driver", "merchant"):
        newcomer = world.api.register(role, name="New Comer")
        found = taken(newcomer.get(f"/v1/{role}s/{newcomer.id}/export"))
        assert found["profile"]["name"] == "New Comer"
        assert found[role] is None
        assert "profile" in taken(newcomer.delete(f"/v1/{role}s/{newcomer.id}"))["erased"]
