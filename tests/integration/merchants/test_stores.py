"""Permits, stores and products, as their merchant keeps them."""

import pytest

from tests.fixtures.http import Client, refused, taken
from tests.fixtures.shops import (
    EVERY_DAY,
    Shop,
    approved_merchant,
    open_shop,
    product,
    retail_permit,
    store,
    tax_permit,
)


@pytest.fixture
def shop(api: Client, admin: Client) -> Shop:
    return open_shop(api, admin)


def test_a_lapsed_permit_is_not_filed(shop: Shop) -> None:
    for expires_on in ("2026-11-19", "2026-02-30", "soon", 20280531):
        problem = refused(
            shop.merchant.post(f"{shop.path}/permits", tax_permit(expires_on=expires_on)), 422, "invalid_input"
        )
        assert problem["errors"][0]["field"] == "body.expires_on"
    taken(shop.merchant.post(f"{shop.path}/permits", tax_permit(expires_on="2026-11-20")))


@pytest.mark.rule("tx-permit-term")
def test_a_retail_permit_ends_on_the_last_of_may_of_an_even_year(shop: Shop) -> None:
    for expires_on in ("2027-05-31", "2028-05-30", "2028-12-31"):
        permit = retail_permit(number="EC-2", store_id=shop.store_id, expires_on=expires_on)
        problem = refused(shop.merchant.post(f"{shop.path}/permits", permit), 422, "invalid_input")
        assert problem["errors"][0]["field"] == "body.expires_on"
    filed = retail_permit(number="EC-2", store_id=shop.store_id, expires_on="2030-05-31")
    assert taken(shop.merchant.post(f"{shop.path}/permits", filed))["status"] == "submitted"


def test_a_retail_permit_names_its_place_of_business(shop: Shop) -> None:
    problem = refused(shop.merchant.post(f"{shop.path}/permits", retail_permit()), 422, "invalid_input")
    assert problem["errors"][0]["field"] == "body.store_id"


def test_a_permit_is_for_a_store_of_ones_own(api: Client, admin: Client, shop: Shop) -> None:
    other = approved_merchant(api, admin)
    refused(other.post(f"/v1/merchants/{other.id}/permits", retail_permit(store_id=shop.store_id)), 404, "not_found")


def test_a_store_is_kept_as_it_was_sent(api: Client, admin: Client) -> None:
    merchant = approved_merchant(api, admin)
    sent = store(hours={"fri": [["09:00", "12:00"], ["18:00", "02:00"]]}, external_id="main")
    added = taken(merchant.post(f"/v1/merchants/{merchant.id}/stores", sent))
    closed: dict[str, list[list[str]]] = {day: [] for day in ("mon", "tue", "wed", "thu", "sat", "sun")}
    assert {name: added[name] for name in sent} == sent | {"hours": sent["hours"] | closed}
    assert taken(merchant.get(f"/v1/merchants/{merchant.id}/stores"))["items"] == [added]


def test_a_store_with_a_known_external_id_is_changed_not_doubled(api: Client, admin: Client) -> None:
    merchant = approved_merchant(api, admin)
    path = f"/v1/merchants/{merchant.id}/stores"
    first = taken(merchant.post(path, store(external_id="main")))
    second = taken(merchant.post(path, store(external_id="main", name="Elm Street", prep_minutes=25)))
    assert (second["id"], second["name"], second["prep_minutes"]) == (first["id"], "Elm Street", 25)
    taken(merchant.post(path, store(external_id="other")))
    assert len(taken(merchant.get(path))["items"]) == 2


def test_a_change_of_a_store_leaves_the_rest_as_it_was(shop: Shop) -> None:
    before = taken(shop.merchant.get(f"{shop.path}/stores"))["items"][0]
    shop.merchant.clock.advance(minutes=1)
    moved = shop.change(position={"lat": 32.8, "lng": -96.8}, hours={"mon": [["00:00", "24:00"]]})
    changed = {name for name in before if before[name] != moved[name]}
    assert changed == {"position", "hours", "updated_at"}
    assert moved["hours"]["tue"] == []
    assert shop.change(external_id="main")["external_id"] == "main"
    assert shop.change(external_id=None)["external_id"] is None


def test_every_wrong_field_of_a_store_is_named(shop: Shop) -> None:
    for change, field in (
        ({"region_id": "nowhere"}, "body.region_id"),
        ({"position": {"lat": 40.7128, "lng": -74.0060}}, "body.position"),
        ({"jurisdiction": "US-CA"}, "body.jurisdiction"),
        ({"jurisdiction": "Texas"}, "body.jurisdiction"),
        ({"prep_minutes": 241}, "body.prep_minutes"),
        ({"radius_m": 99}, "body.radius_m"),
        ({"open": "yes"}, "body.open"),
        ({"name": ""}, "body.name"),
        ({"hours": {"mon": [["9:00", "22:00"]]}}, "body.hours.mon[0][0]"),
        ({"hours": {"mon": [["09:00", "25:00"]]}}, "body.hours.mon[0][1]"),
        ({"hours": {"mon": [["09:00", "09:00"]]}}, "body.hours.mon[0]"),
        ({"hours": {"mon": [["09:00"]]}}, "body.hours.mon[0][1]"),
        ({"hours": {"monday": []}}, "body.hours.monday"),
        ({"hours": EVERY_DAY | {"sun": [["09:00", "10:00"]] * 5}}, "body.hours.sun"),
    ):
        for answer in (
            shop.merchant.post(f"{shop.path}/stores", store(**change)),
            shop.merchant.patch(f"{shop.path}/stores/{shop.store_id}", change),
        ):
            problem = refused(answer, 422, "invalid_input")
            assert [error["field"] for error in problem["errors"]] == [field]


def test_a_product_is_changed_and_taken_off_the_shelf(shop: Shop) -> None:
    product_id = shop.stock(external_id="pods")
    path = f"{shop.path}/products/{product_id}"
    cheaper = taken(shop.merchant.patch(path, {"price_minor": 1_500, "weight_g": None}))
    assert (cheaper["price_minor"], cheaper["weight_g"], cheaper["name"]) == (1_500, None, "Tobacco pods")
    assert shop.merchant.delete(path).status_code == 204
    listed = taken(shop.merchant.get(f"{shop.path}/products"))["items"]
    assert [(item["id"], item["active"]) for item in listed] == [(product_id, False)]


def test_a_product_with_a_known_external_id_is_changed_not_doubled(shop: Shop) -> None:
    first = shop.stock(external_id="pods")
    second = shop.stock(external_id="pods", stock=3)
    assert first == second
    assert [item["stock"] for item in taken(shop.merchant.get(f"{shop.path}/products"))["items"]] == [3]


def test_products_are_listed_by_store(api: Client, shop: Shop) -> None:
    api.clock.advance(seconds=1)
    second = Shop(shop.merchant, taken(shop.merchant.post(f"{shop.path}/stores", store(name="Elm Street")))["id"])
    here, there = shop.stock(), second.stock()
    assert [item["id"] for item in taken(shop.merchant.get(f"{shop.path}/products"))["items"]] == sorted([here, there])
    of_second = taken(shop.merchant.get(f"{shop.path}/products", store_id=second.store_id))
    assert [item["id"] for item in of_second["items"]] == [there]


def test_nobody_stocks_or_changes_another_merchants_shelf(api: Client, admin: Client, shop: Shop) -> None:
    product_id, stranger = shop.stock(), approved_merchant(api, admin)
    path = f"/v1/merchants/{stranger.id}/products"
    refused(stranger.post(path, product(shop.store_id)), 404, "not_found")
    refused(stranger.patch(f"{path}/{product_id}", {"price_minor": 1}), 404, "not_found")
    refused(stranger.delete(f"{path}/{product_id}"), 404, "not_found")
    assert taken(shop.merchant.get(f"{shop.path}/products"))["items"][0]["price_minor"] == 1_899


def test_every_wrong_field_of_a_product_is_named(shop: Shop) -> None:
    for change in (
        {"price_minor": -1},
        {"price_minor": 1.5},
        {"currency": "EUR"},
        {"tax_bps": 5_001},
        {"weight_g": 0},
        {"stock": -1},
        {"stock": 2**63},
        {"category": ""},
        {"restricted": None},
        {"description": "x" * 2_001},
    ):
        answer = shop.merchant.post(f"{shop.path}/products", product(shop.store_id, **change))
        problem = refused(answer, 422, "invalid_input")
        assert [error["field"] for error in problem["errors"]] == [f"body.{next(iter(change))}"]
