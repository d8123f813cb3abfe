"""What anyone sees before ordering: stores nearby, menus, and where deliveries go."""

import pytest

from tests.fixtures.http import Client, refused, taken
from tests.fixtures.shops import DALLAS, EVERY_DAY, FORT_WORTH, NEXT_DOOR, Shop, open_shop, retail_permit, store


@pytest.fixture
def shop(api: Client, admin: Client) -> Shop:
    return open_shop(api, admin)


def names(api: Client, **query: object) -> list[str]:
    return [item["name"] for item in taken(api.get("/v1/stores", **query))["items"]]


def unavailable(api: Client, shop: Shop, **place: float) -> dict[str, str]:
    """Product id → code."""
    menu = taken(api.get(f"/v1/stores/{shop.store_id}/menu", **place))
    return {item["id"]: item["code"] for item in menu["unavailable"]}


def test_stores_come_nearest_first_with_what_delivery_costs_and_takes(api: Client, admin: Client) -> None:
    open_shop(api, admin, name="Far", position={"lat": 32.83, "lng": -96.80})
    open_shop(api, admin, name="Near")
    found = taken(api.get("/v1/stores", **NEXT_DOOR))["items"]
    assert [item["name"] for item in found] == ["Near", "Far"]
    near, far = found
    assert near == near | {"open": True, "distance_m": 462, "delivery_fee_minor": 299, "currency": "USD", "rating": 5.0}
    assert near["eta_s"] == 10 * 60 + 300 + 110
    assert far["delivery_fee_minor"] > 299
    assert far["eta_s"] > near["eta_s"]


def test_stores_that_do_not_deliver_there_are_left_out(api: Client, shop: Shop) -> None:
    assert names(api, **DALLAS) == ["Main Street"]
    assert names(api, **FORT_WORTH) == []
    assert names(api, **NEXT_DOOR, radius_m=400) == []
    shop.change(radius_m=60_000)
    assert names(api, **FORT_WORTH, radius_m=60_000) == ["Main Street"]


def test_stores_are_found_by_category_and_words(api: Client, shop: Shop) -> None:
    shop.stock(name="Menthol pods", category="Pods")
    removed = shop.stock(name="Glass jar", category="Jars")
    assert names(api, **DALLAS, category="Pods") == ["Main Street"]
    assert names(api, **DALLAS, category="pod") == []
    assert names(api, **DALLAS, q="menthol") == ["Main Street"]
    assert names(api, **DALLAS, q="MAIN str") == ["Main Street"]
    assert names(api, **DALLAS, q="100%") == []
    assert names(api, **DALLAS, category="Jars", q="jar") == ["Main Street"]
    assert shop.merchant.delete(f"{shop.path}/products/{removed}").status_code == 204
    assert names(api, **DALLAS, category="Jars") == []


def test_a_store_is_open_by_its_own_clock(api: Client, shop: Shop) -> None:
    assert names(api, **DALLAS, open_now=True) == ["Main Street"]
    api.clock.advance(hours=9, minutes=59)
    assert names(api, **DALLAS, open_now=True) == ["Main Street"]
    api.clock.advance(minutes=1)
    assert names(api, **DALLAS, open_now=True) == []
    page = taken(api.get(f"/v1/stores/{shop.store_id}"))
    assert (page["open"], page["opens_at"]) == (False, "2026-11-21T15:00:00Z")
    api.clock.advance(hours=11)
    page = taken(api.get(f"/v1/stores/{shop.store_id}"))
    assert (page["open"], page["opens_at"]) == (True, None)


def test_a_store_that_is_switched_off_is_closed_at_any_hour(api: Client, shop: Shop) -> None:
    shop.change(open=False)
    assert names(api, **DALLAS, open_now=True) == []
    page = taken(api.get(f"/v1/stores/{shop.store_id}"))
    assert (page["open"], page["opens_at"]) == (False, None)


def test_pages_of_stores_follow_the_distance(api: Client, admin: Client) -> None:
    places = [{"lat": 32.7767 + step * 0.004, "lng": -96.7970} for step in (3, 0, 2, 1)]
    for number, place in enumerate(places):
        open_shop(api, admin, permit=False, name=f"Store {number}", position=place)
    first = taken(api.get("/v1/stores", **DALLAS, limit=3))
    rest = taken(api.get("/v1/stores", **DALLAS, limit=3, cursor=first["next_cursor"]))
    assert [item["name"] for item in first["items"]] == ["Store 1", "Store 3", "Store 2"]
    assert [item["name"] for item in rest["items"]] == ["Store 0"]
    assert rest["next_cursor"] is None


def test_the_page_of_a_store_tells_hours_zone_and_licence(api: Client, shop: Shop) -> None:
    page = taken(api.get(f"/v1/stores/{shop.store_id}"))
    assert page["hours"] == EVERY_DAY
    assert page["timezone"] == "America/Chicago"
    assert page["zone"] == {"center": DALLAS, "radius_m": 8_000}
    assert page["licence_number"] == "EC-1001"


def test_a_suspended_merchants_stores_are_gone(api: Client, admin: Client, shop: Shop) -> None:
    taken(admin.post(f"/v1/admin/merchants/{shop.merchant.id}/review", {"decision": "suspend", "reason": "Complaint"}))
    assert names(api, **DALLAS) == []
    refused(api.get(f"/v1/stores/{shop.store_id}"), 404, "not_found")
    refused(api.get(f"/v1/stores/{shop.store_id}/menu"), 404, "not_found")


def test_a_menu_groups_what_may_be_sold_by_category(api: Client, shop: Shop) -> None:
    shop.stock(name="Menthol pods")
    shop.stock(name="Classic pods")
    shop.stock(name="Water", category="Drinks", restricted=False, authorization_reference=None, attested=False)
    menu = taken(api.get(f"/v1/stores/{shop.store_id}/menu", **NEXT_DOOR))
    shown = [(part["name"], [item["name"] for item in part["products"]]) for part in menu["categories"]]
    assert shown == [("Drinks", ["Water"]), ("Pods", ["Classic pods", "Menthol pods"])]
    assert [item["restricted"] for part in menu["categories"] for item in part["products"]] == [False, True, True]
    assert menu["unavailable"] == []


def test_what_may_not_be_sold_is_left_out_with_its_reason(api: Client, shop: Shop) -> None:
    fine = shop.stock()
    expected = {
        shop.stock(authorization_reference=None): "product_not_authorized",
        shop.stock(attested=False): "product_not_attested",
        shop.stock(stock=0): "out_of_stock",
    }
    assert unavailable(api, shop, **NEXT_DOOR) == expected
    assert set(unavailable(api, shop, **FORT_WORTH).values()) == {"address_not_served"}
    assert fine in unavailable(api, shop, **FORT_WORTH)
    shop.change(open=False)
    assert set(unavailable(api, shop).values()) == {"store_closed"}


@pytest.mark.rule("tx-permit")
def test_restricted_goods_need_a_permit_for_the_very_store(api: Client, admin: Client) -> None:
    shop = open_shop(api, admin, permit=False)
    pods, water = shop.stock(), shop.stock(restricted=False, name="Water")
    assert unavailable(api, shop) == {pods: "permit_missing"}
    second = taken(shop.merchant.post(f"{shop.path}/stores", store(name="Next door", position=NEXT_DOOR)))["id"]
    shop.hold(admin, retail_permit(store_id=second))
    assert unavailable(api, shop) == {pods: "permit_missing"}
    shop.hold(admin, retail_permit(number="EC-1002", store_id=shop.store_id))
    assert unavailable(api, shop) == {}
    assert taken(api.get(f"/v1/stores/{shop.store_id}"))["licence_number"] == "EC-1002"
    api.clock.advance(days=558)
    assert api.clock.now.date().isoformat() == "2028-05-31"
    assert unavailable(api, shop) == {}
    api.clock.advance(days=1)
    assert unavailable(api, shop) == {pods: "permit_expired"}
    assert taken(api.get(f"/v1/stores/{shop.store_id}"))["licence_number"] is None
    assert water not in unavailable(api, shop)


def test_a_place_is_served_or_not(api: Client, shop: Shop) -> None:
    served = taken(api.get("/v1/serviceability", **NEXT_DOOR))
    assert (served["served"], served["open"], served["not_sold"]) == (True, True, [])
    assert [(item["id"], item["open"]) for item in served["stores"]] == [(shop.store_id, True)]
    nothing = {"served": False, "open": False, "stores": [], "not_sold": []}
    assert taken(api.get("/v1/serviceability", **FORT_WORTH)) == nothing


def test_a_place_is_told_when_stores_open_and_what_they_may_not_sell(api: Client, admin: Client) -> None:
    shop = open_shop(api, admin, permit=False)
    api.clock.advance(hours=12)
    served = taken(api.get("/v1/serviceability", **NEXT_DOOR))
    assert (served["served"], served["open"]) == (True, False)
    assert served["stores"][0]["opens_at"] == "2026-11-21T15:00:00Z"
    assert [(item["store_id"], item["goods"], item["code"]) for item in served["not_sold"]] == [
        (shop.store_id, "restricted", "permit_missing")
    ]


def test_every_wrong_query_is_named(api: Client, shop: Shop) -> None:
    for path, query, field in (
        ("/v1/stores", {"lat": 32.7}, "query.lng"),
        ("/v1/stores", {"lat": "north", "lng": 0}, "query.lat"),
        ("/v1/stores", {"lat": "nan", "lng": 0}, "query.lat"),
        ("/v1/stores", DALLAS | {"radius_m": 80_001}, "query.radius_m"),
        ("/v1/stores", DALLAS | {"limit": 201}, "query.limit"),
        ("/v1/stores", DALLAS | {"open_now": "perhaps"}, "query.open_now"),
        ("/v1/stores", DALLAS | {"colour": "red"}, "query.colour"),
        ("/v1/serviceability", {"lat": 91, "lng": 0}, "query.lat"),
        (f"/v1/stores/{shop.store_id}/menu", {"lat": 32.7}, "query"),
    ):
        problem = refused(api.get(path, **query), 422, "invalid_input")
        assert [error["field"] for error in problem["errors"]] == [field]
