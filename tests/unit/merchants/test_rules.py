"""Who may sell, and what a store may sell where and when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.compliance.credentials import Credential, PermitKind, ReviewNotPossible, Standing
from shared.kernel.errors import BadInput
from shared.kernel.positions import Position
from shared.merchants import rules
from shared.merchants.browsing import around
from shared.merchants.catalog import ProductFacts, StoreFacts
from shared.merchants.rules import MerchantStatus, ReviewDecision

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
DALLAS = Position(32.7767, -96.7970)

PERMITS = tuple(
    Credential(f"pmt_{kind}", kind, Standing.VERIFIED, date(2028, 5, 31), "EC-1001", of_store=True)
    for kind in PermitKind
)
STORE = StoreFacts(
    store_id="sto_1",
    merchant_id="mer_1",
    merchant_status="approved",
    region_id="dfw",
    timezone="America/Chicago",
    name="Main Street",
    address="100 Main St",
    position=DALLAS,
    jurisdiction="US-TX",
    hours={"fri": [["09:00", "22:00"]]},
    open=True,
    prep_minutes=10,
    radius_m=8_000,
    rating=5.0,
    permits=PERMITS,
)
PODS = ProductFacts(
    product_id="prd_1",
    store_id="sto_1",
    name="Pods",
    description="",
    category="Pods",
    price_minor=1_899,
    currency="USD",
    tax_bps=825,
    weight_g=60,
    restricted=True,
    authorization_reference="PM0000551",
    attested=True,
    stock=20,
    active=True,
)
WATER = replace(PODS, product_id="prd_2", name="Water", restricted=False, authorization_reference=None, attested=False)


def codes(store: StoreFacts, *products: ProductFacts, place: Position | None = DALLAS) -> list[str]:
    return [reason.code for _, reason in rules.shelf(store, list(products), place, NOON).unavailable]


def test_a_shelf_parts_products_and_loses_none() -> None:
    sold_out = replace(PODS, stock=0)
    shelf = rules.shelf(STORE, [PODS, WATER, sold_out], DALLAS, NOON)
    assert shelf.sellable == (PODS, WATER)
    assert [found for found, _ in shelf.unavailable] == [sold_out]


def test_the_first_reason_is_the_one_that_no_other_change_would_lift() -> None:
    bare = replace(PODS, authorization_reference=None, attested=False, stock=0)
    assert codes(replace(STORE, open=False, permits=()), bare) == ["store_closed"]
    assert codes(replace(STORE, permits=()), bare) == ["permit_missing"]
    assert codes(STORE, bare) == ["product_not_authorized"]
    assert codes(STORE, replace(bare, authorization_reference="PM1")) == ["product_not_attested"]
    assert codes(STORE, replace(PODS, stock=0)) == ["out_of_stock"]


def test_goods_that_are_not_restricted_need_no_permit() -> None:
    assert codes(replace(STORE, permits=()), PODS, WATER) == ["permit_missing"]


def test_a_permit_lasts_through_its_last_local_day() -> None:
    late_evening = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    lapsing = replace(STORE, permits=tuple(replace(permit, expires_on=date(2026, 11, 20)) for permit in PERMITS))
    assert rules.shelf(lapsing, [PODS], DALLAS, late_evening).sellable == (PODS,)
    assert rules.restricted_goods(lapsing, late_evening).passed
    assert not rules.restricted_goods(lapsing, datetime(2026, 11, 21, 6, 0, tzinfo=UTC)).passed


def test_the_zone_ends_at_its_radius() -> None:
    edge = Position(DALLAS.lat + 0.0719, DALLAS.lng)
    beyond = Position(DALLAS.lat + 0.0721, DALLAS.lng)
    assert codes(STORE, PODS, place=edge) == []
    assert codes(STORE, PODS, place=beyond) == ["address_not_served"]
    assert codes(STORE, PODS, place=None) == []


@pytest.mark.parametrize("status", [status for status in MerchantStatus if status != MerchantStatus.APPROVED])
def test_only_an_approved_merchants_store_takes_orders(status: MerchantStatus) -> None:
    assert rules.accepts_orders(STORE, NOON)
    assert not rules.accepts_orders(replace(STORE, merchant_status=status), NOON)


def test_reviews_lead_only_where_the_table_says() -> None:
    for status, decision in product(MerchantStatus, ReviewDecision):
        target = rules.REVIEWS.get((status, decision))
        if target is not None:
            assert rules.review(status, decision) == target != status
            continue
        with pytest.raises(ReviewNotPossible) as refusal:
            rules.review(status, decision)
        assert refusal.value.extra["current_status"] == status
        assert decision.value not in refusal.value.extra["allowed_decisions"]


def test_a_store_lies_near_the_centre_of_a_region_that_is_served() -> None:
    rules.check_place(Position(32.7555, -97.3308), DALLAS, "US-TX")
    for place, centre, jurisdiction in (
        (DALLAS, None, "US-TX"),
        (Position(29.7604, -95.3698), DALLAS, "US-TX"),
        (DALLAS, DALLAS, "US-OK"),
    ):
        with pytest.raises(BadInput):
            rules.check_place(place, centre, jurisdiction)


@given(
    lat=st.floats(-90, 90),
    lng=st.floats(-180, 180),
    radius_m=st.integers(1, 80_000),
    north_m=st.floats(-1, 1),
    east_m=st.floats(-1, 1),
)
def test_a_box_holds_every_point_of_its_circle(
    lat: float, lng: float, radius_m: int, north_m: float, east_m: float
) -> None:
    centre = Position(lat, lng)
    box = around(centre, radius_m)
    reach = radius_m / 111_000
    point = Position(min(90.0, max(-90.0, lat + north_m * reach)), (lng + east_m * reach * 8 + 540) % 360 - 180)
    if centre.distance_m(point) <= radius_m * 0.999_999:
        assert box.south <= point.lat <= box.north
        assert box.west <= point.lng <= box.east
