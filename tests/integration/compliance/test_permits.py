"""A merchant's permits: reviewed, renewed, reminded of, lapsed; and what becomes of its orders."""

import pytest

from shared.storage.connection import Row
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.shops import NEXT_DOOR, Shop, open_shop, retail_permit, tax_permit
from tests.fixtures.world import World

SWEEP = "/internal/maintenance/expire_documents"


@pytest.fixture
def shop(api: Client, admin: Client) -> Shop:
    return open_shop(api, admin)


def permit_of(shop: Shop, kind: str = "e_cigarette_retail") -> Json:
    """The newest of a kind."""
    filed = taken(shop.merchant.get(f"{shop.path}/permits"))["items"]
    return [dict(permit) for permit in filed if permit["kind"] == kind][-1]


def sellable(api: Client, shop: Shop) -> bool:
    return taken(api.get(f"/v1/stores/{shop.store_id}/menu", **NEXT_DOOR))["unavailable"] == []


def told(world: World) -> list[Row]:
    """What merchants heard of their permits, in order."""
    rows = world.rows("SELECT data FROM broker_deliveries WHERE subscription LIKE 'merchant_events%' ORDER BY position")
    return [row["data"] for row in rows]


def test_a_permit_counts_once_it_was_verified(api: Client, admin: Client) -> None:
    shop = open_shop(api, admin, permit=False)
    shop.stock()
    filed = taken(shop.merchant.post(f"{shop.path}/permits", retail_permit(store_id=shop.store_id)))
    assert (filed["status"], filed["checked_at"], sellable(api, shop)) == ("submitted", None, False)
    assert shop.review(admin, filed["id"], "begin_review")["status"] == "in_review"
    verified = shop.review(admin, filed["id"], "verify")
    assert (verified["status"], verified["checked_at"] is None, sellable(api, shop)) == ("verified", False, True)


def test_a_rejected_permit_says_why_and_another_is_filed(api: Client, admin: Client) -> None:
    shop = open_shop(api, admin, permit=False)
    shop.stock()
    permit = retail_permit(store_id=shop.store_id)
    filed = taken(shop.merchant.post(f"{shop.path}/permits", permit))
    rejected = shop.review(admin, filed["id"], "reject", "The number is another shop's.")
    assert (rejected["status"], rejected["review_reason"]) == ("rejected", "The number is another shop's.")
    path = f"/v1/admin/merchants/{shop.merchant.id}/permits/{filed['id']}/review"
    problem = refused(admin.post(path, {"decision": "verify"}), 409, "review_not_possible")
    assert (problem["current_status"], problem["allowed_decisions"]) == ("rejected", [])
    shop.hold(admin, permit)
    assert sellable(api, shop)


def test_filing_again_before_the_review_corrects_what_was_filed(api: Client, shop: Shop) -> None:
    first = taken(shop.merchant.post(f"{shop.path}/permits", tax_permit(number="T-9")))
    second = taken(shop.merchant.post(f"{shop.path}/permits", tax_permit(number="T-9", expires_on="2030-01-31")))
    assert (second["id"], second["expires_on"]) == (first["id"], "2030-01-31")


def test_a_renewal_in_review_takes_nothing_away(api: Client, admin: Client, shop: Shop) -> None:
    shop.stock()
    api.clock.advance(seconds=1)
    renewal = retail_permit(store_id=shop.store_id, expires_on="2030-05-31")
    filed = taken(shop.merchant.post(f"{shop.path}/permits", renewal))
    assert sellable(api, shop)
    shop.review(admin, filed["id"], "verify")
    api.clock.advance(days=700)
    assert sellable(api, shop)


def test_another_tenants_permit_is_not_reviewed_under_this_one(api: Client, admin: Client, shop: Shop) -> None:
    other = open_shop(api, admin)
    path = f"/v1/admin/merchants/{other.merchant.id}/permits/{permit_of(shop)['id']}/review"
    refused(admin.post(path, {"decision": "revoke"}), 404, "not_found")
    refused(shop.merchant.post(path, {"decision": "verify"}), 403, "forbidden")


def test_a_merchant_is_reminded_thirty_seven_and_one_days_before_and_told_the_end_each_once(world: World) -> None:
    world.api.clock.advance(seconds=1)
    world.shop.hold(world.admin, tax_permit(number="T-2", expires_on="2026-12-31"))
    for _ in range(50):
        world.api.clock.advance(days=1)
        for _ in range(2):
            taken(world.platform.post(SWEEP))
    heard = [(event["type"], event["days_left"]) for event in told(world)]
    assert heard == [("permit_expiring", 30), ("permit_expiring", 7), ("permit_expiring", 1), ("permit_expired", None)]
    assert world.one("SELECT status FROM permits WHERE number = 'T-2'")["status"] == "expired"
    [last] = {(event["merchant_id"], event["kind"], event["expires_on"]) for event in told(world)}
    assert last == (world.shop.merchant.id, "sales_tax", "2026-12-31")


def test_nobody_is_reminded_of_a_permit_that_was_renewed(world: World) -> None:
    world.api.clock.advance(seconds=1)
    world.shop.hold(world.admin, tax_permit(number="T-2", expires_on="2026-12-01"))
    world.api.clock.advance(seconds=1)
    world.shop.hold(world.admin, tax_permit(number="T-2", expires_on="2028-12-01"))
    assert taken(world.platform.post(SWEEP))["reminded"] == 0
    world.api.clock.advance(days=30)
    assert taken(world.platform.post(SWEEP))["expired"] == 0
    assert told(world) == []


def test_the_sweep_stops_every_order_that_has_not_left_a_store_without_its_permit(world: World) -> None:
    on_the_way, _driver, _task = world.an_order_at_the_door()
    paid, ready = world.a_paid_order(), world.a_ready_order()
    cola = world.a_ready_order(world.shop.products[1])
    stock = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])["stock"]
    world.shop.review(world.admin, permit_of(world.shop)["id"], "revoke", "Revoked by the Comptroller.")
    assert taken(world.platform.post(SWEEP))["orders_stopped"] == 2
    for stopped in (paid, ready):
        order = world.read(stopped["id"])
        assert (order["status"], order["ended_reason"]) == ("cancelled", "permit_revoked")
        assert order["payment"]["status"] == "voided"
        dossier = taken(world.admin.get(f"/v1/orders/{stopped['id']}/dossier"))["events"]
        [event] = [event for event in dossier if event["type"] == "order_stopped"]
        [gate] = event["data"]["gates"]
        assert (gate["gate"], gate["passed"], gate["reasons"]) == ("merchant", False, ["permit_revoked"])
        assert "tx-permit" in gate["rule_ids"]
        assert world.verdict(stopped["id"])["valid"]
    assert world.read(cola["id"])["status"] == "ready"
    assert world.read(on_the_way["id"])["status"] == "arrived"
    now = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])["stock"]
    assert now == stock + 2
    assert world.rows("SELECT 1 FROM tasks WHERE order_id = :id AND status = 'open'", id=ready["id"]) == []
    assert taken(world.platform.post(SWEEP))["orders_stopped"] == 0
