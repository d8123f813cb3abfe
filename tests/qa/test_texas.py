"""Texas, vape: the scenarios a regulator would walk through."""

import pytest
from pg8000.native import DatabaseError

from tests.fixtures.http import refused, taken
from tests.fixtures.shops import NEXT_DOOR, REGISTRATIONS
from tests.fixtures.world import ADULT, CERTIFICATION, LABEL, MINOR, PASSING_CHECK, World


def test_an_adult_orders_and_shows_id_at_the_door_and_the_goods_are_handed_over_and_paid(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    assert order["status"] == "delivered"
    assert order["payment"]["captured_minor"] == order["money"]["total_minor"]
    assert world.events(order["id"]) == [
        "order_created",
        "age_check_requested",
        "age_check_passed",
        "payment_authorized",
        "order_accepted",
        "preparation_started",
        "goods_ready",
        "driver_assigned",
        "driver_at_store",
        "goods_picked_up",
        "driver_arrived",
        "doorstep_check_passed",
        "delivered",
        "payment_captured",
    ]
    assert world.verdict(order["id"])["valid"]


@pytest.mark.rule("us-age-21")
def test_a_minor_is_stopped_at_checkout_and_nothing_is_charged(world: World) -> None:
    order = world.an_order()
    checked = taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", MINOR, key="a"))
    assert (checked["status"], checked["payment"]["status"]) == ("age_failed", "none")
    paying = world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", {"payment_method": "tok_visa"}, key="b")
    assert refused(paying, 409, "not_possible_now")["allowed_actions"] == []


@pytest.mark.rule("us-checkout-age")
def test_a_payment_cannot_come_before_the_age_check(world: World) -> None:
    order = world.an_order()
    paying = world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", {"payment_method": "tok_visa"}, key="a")
    refused(paying, 409, "age_check_required")
    assert world.rows("SELECT * FROM payment_intents") == []


@pytest.mark.rule("tx-certification")
def test_a_customer_who_does_not_accept_the_statement_cannot_order(world: World) -> None:
    price = world.price()
    assert price["certification"]["version"] == CERTIFICATION
    stock = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])
    problem = refused(world.customer.post("/v1/orders", {"price_id": price["id"]}, key="a"), 409, "gate_refused")
    assert problem["rule_ids"] == ["tx-certification"]
    assert world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0]) == stock


@pytest.mark.rule("tx-permit")
def test_a_store_whose_permit_has_lapsed_cannot_sell_restricted_goods(world: World) -> None:
    world.connection.fetch("UPDATE permits SET expires_on = '2026-05-31' WHERE kind = 'e_cigarette_retail'")
    problem = refused(world.customer.post("/v1/orders/price", world.cart(world.shop.products[0])), 409, "gate_refused")
    assert [reason["code"] for reason in problem["reasons"]] == ["permit_expired"]


@pytest.mark.rule("us-product-authorized")
def test_a_product_without_an_authorisation_cannot_be_sold(world: World) -> None:
    unknown = world.shop.stock(name="Mystery juice", authorization_reference=None)
    problem = refused(world.customer.post("/v1/orders/price", world.cart(unknown)), 409, "gate_refused")
    assert problem["gate"] == "product"


@pytest.mark.rule("us-doorstep")
def test_a_driver_cannot_hand_over_before_checking_the_id(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    confirm = f"/v1/orders/{order['id']}/deliver/confirm"
    refused(driver.post(confirm, key="a"), 409, "doorstep_check_required")
    assert world.read(order["id"])["payment"]["captured_minor"] == 0


@pytest.mark.rule("us-weight")
def test_a_cart_over_ten_pounds_is_not_sold(world: World) -> None:
    heavy = world.shop.stock(name="A crate of pods", weight_g=2_500)
    assert world.price(heavy, quantity=1)["restricted"]
    cart = world.cart(heavy, quantity=2)
    problem = refused(world.customer.post("/v1/orders/price", cart), 409, "gate_refused")
    assert [reason["code"] for reason in problem["reasons"]] == ["delivery_too_heavy"]
    world.shop.merchant.patch(f"{world.shop.path}/products/{heavy}", {"weight_g": None})
    problem = refused(world.customer.post("/v1/orders/price", cart), 409, "gate_refused")
    assert [reason["code"] for reason in problem["reasons"]] == ["product_weight_unknown"]


@pytest.mark.rule("us-record-address")
def test_restricted_goods_go_to_a_saved_address_and_to_no_other_place(world: World) -> None:
    pods, cola = world.shop.products
    nowhere = {name: value for name, value in world.cart(pods).items() if name != "address_id"} | {"dropoff": NEXT_DOOR}
    problem = refused(world.customer.post("/v1/orders/price", nowhere), 409, "gate_refused")
    assert (problem["gate"], [reason["code"] for reason in problem["reasons"]]) == ("record", ["address_missing"])
    assert "POST /v1/customers/me/addresses" in problem["detail"]
    assert world.rows("SELECT 1 FROM prices") == []
    ordinary = nowhere | {"items": world.cart(cola)["items"]}
    assert taken(world.customer.post("/v1/orders/price", ordinary))["restricted"] is False


@pytest.mark.rule("us-record-address")
def test_an_address_that_is_gone_when_the_price_is_redeemed_is_asked_for_again(world: World) -> None:
    price = world.price()
    world.rows("DELETE FROM addresses WHERE address_id = :id", id=world.address_id)
    stock = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])
    command = {"price_id": price["id"], "certification_version": CERTIFICATION}
    problem = refused(world.customer.post("/v1/orders", command, key="a"), 409, "gate_refused")
    assert (problem["gate"], problem["rule_ids"]) == ("record", ["us-record-address", "us-retention"])
    assert world.rows("SELECT 1 FROM orders") == []
    assert world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0]) == stock


@pytest.mark.rule("us-not-listed", "us-atf-registration", "tx-registration", "tx-sales-tax")
@pytest.mark.parametrize("kind", REGISTRATIONS)
def test_a_merchant_that_lost_a_registration_sells_nothing_restricted(world: World, kind: str) -> None:
    permits = taken(world.shop.merchant.get(f"{world.shop.path}/permits"))["items"]
    [permit] = [permit for permit in permits if permit["kind"] == kind]
    price = world.price()
    world.shop.review(world.admin, permit["id"], "revoke", "Found on the list.")
    command = {"price_id": price["id"], "certification_version": CERTIFICATION}
    problem = refused(world.customer.post("/v1/orders", command, key="a"), 409, "gate_refused")
    assert [reason["code"] for reason in problem["reasons"]] == ["permit_revoked"]
    assert world.a_paid_order(world.shop.products[1])["status"] == "payment_authorized"


@pytest.mark.rule("us-label")
def test_restricted_goods_are_not_ready_before_their_label_is_confirmed(world: World) -> None:
    order = world.an_accepted_order()
    problem = refused(world.act(order["id"], action="ready", label_version=None), 409, "gate_refused")
    assert order["label"]["version"] == LABEL
    assert order["label"]["text"] in problem["detail"]
    assert world.read(order["id"])["status"] == "accepted"
    assert world.events(order["id"])[-1] == "gate_refused"
    assert taken(world.act(order["id"], action="ready"))["status"] == "ready"
    cola = world.an_accepted_order(world.shop.products[1])
    assert cola["label"] is None
    assert taken(world.act(cola["id"], action="ready", label_version=None))["status"] == "ready"


@pytest.mark.rule("tx-permit")
def test_an_order_whose_store_lost_its_permit_does_not_leave_the_store(world: World) -> None:
    order, driver, task_id = world.a_dispatched_order()
    taken(driver.post(f"/v1/tasks/{task_id}/arrive_pickup"))
    world.connection.fetch("UPDATE permits SET expires_on = '2026-11-19' WHERE kind = 'e_cigarette_retail'", {})
    problem = refused(driver.post(f"/v1/tasks/{task_id}/pickup"), 409, "gate_refused")
    assert (problem["gate"], [reason["code"] for reason in problem["reasons"]]) == ("merchant", ["permit_expired"])
    taken(world.platform.post("/internal/maintenance/expire_documents"))
    stopped = world.read(order["id"])
    assert (stopped["status"], stopped["ended_reason"]) == ("cancelled", "permit_expired")
    assert stopped["payment"]["status"] == "voided"
    assert world.events(order["id"])[-3:] == ["gate_refused", "order_stopped", "payment_voided"]
    assert taken(driver.get(f"/v1/drivers/{driver.id}/task"))["task"] is None
    assert world.verdict(order["id"])["valid"]


@pytest.mark.rule("us-in-person")
def test_restricted_goods_are_never_left_at_the_door(world: World) -> None:
    order, driver, _task = world.an_order_cleared_at_the_door()
    confirm = f"/v1/orders/{order['id']}/deliver/confirm"
    problem = refused(driver.post(confirm, {"left_at_door": True}, key="a"), 409, "gate_refused")
    assert [reason["code"] for reason in problem["reasons"]] == ["no_leave_at_door"]
    assert world.read(order["id"])["status"] == "doorstep_passed"


def test_an_id_that_does_not_match_fails_the_check_and_the_check_may_be_tried_again(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    checked = f"/v1/orders/{order['id']}/doorstep_id_check/submit"
    first = taken(driver.post(checked, {**PASSING_CHECK, "photo_match": False}, key="a"))
    assert (first["passed"], first["reasons"], first["order"]["status"]) == (False, ["photo_mismatch"], "arrived")
    assert taken(driver.post(checked, PASSING_CHECK, key="b"))["passed"]
    assert world.events(order["id"])[-2:] == ["doorstep_check_failed", "doorstep_check_passed"]


@pytest.mark.rule("us-doorstep")
def test_a_signature_is_always_needed(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    checked = f"/v1/orders/{order['id']}/doorstep_id_check/submit"
    unsigned = {name: value for name, value in PASSING_CHECK.items() if name != "signature_sha256"}
    assert taken(driver.post(checked, unsigned, key="a"))["reasons"] == ["signature_missing"]


def test_a_refused_order_goes_back_to_the_store_and_the_hold_is_given_back(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    sold = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])["stock"]
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "underage"}))
    turned_away = world.read(order["id"])
    assert (turned_away["status"], turned_away["payment"]["status"]) == ("refused", "voided")
    task = taken(driver.get(f"/v1/drivers/{driver.id}/task"))["task"]
    assert (task["kind"], task["status"], task["dropoff"]) == ("return", "carrying", order["pickup"])
    taken(driver.post(f"/v1/tasks/{task['id']}/arrive_dropoff"))
    back = taken(world.shop.merchant.post(f"/v1/orders/{order['id']}/return/confirm", {"condition": "sealed"}))
    assert (back["status"], back["payment"]["captured_minor"]) == ("returned", 0)
    assert world.events(order["id"])[-4:] == [
        "delivery_refused",
        "payment_voided",
        "driver_back_at_store",
        "goods_returned",
    ]
    now = world.one("SELECT stock FROM products WHERE product_id = :id", id=world.shop.products[0])["stock"]
    assert now == sold + 1
    assert world.verdict(order["id"])["valid"]


@pytest.mark.rule("tx-barcode")
def test_the_birth_date_and_name_shown_at_checkout_are_kept_nowhere(world: World) -> None:
    order = world.an_order()
    told = {**ADULT, "full_name": "Quetzal Featherstone", "birth_date": "1987-03-14"}
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", told, key="a"))
    tables = world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        name = table["tablename"]
        kept = world.rows(f"SELECT 1 FROM {name} AS t WHERE t::text LIKE '%Quetzal%' OR t::text LIKE '%1987-03-14%'")
        assert kept == [], name


def test_an_ordinary_cart_skips_the_age_gates_and_nothing_else(world: World) -> None:
    cola = world.shop.products[1]
    order, driver, _task = world.an_order_at_the_door(cola)
    assert order["age_check"]["status"] == "not_required"
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", {"left_at_door": True}, key="a"))
    done = world.read(order["id"])
    assert (done["status"], done["payment"]["status"]) == ("delivered", "captured")
    assert "age_check_passed" not in world.events(order["id"])


def test_no_cent_can_be_captured_without_a_passed_check_not_even_by_hand(world: World) -> None:
    order, _driver, _task = world.an_order_at_the_door()
    with pytest.raises(DatabaseError, match=r"orders_check|check constraint"):
        world.connection.fetch("UPDATE orders SET captured_minor = 1 WHERE order_id = :id", {"id": order["id"]})
