"""Orders paid through Stripe: its real adapter and SDK against the stand-in."""

import pytest

from infra.standins.stripe import Fault
from infra.standins.stripe.storage import Object
from shared.ledger.service import balances
from shared.payments.reconciliation import Difference, own_differences, reconcile
from shared.wiring.payments import processor
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Json, refused, taken
from tests.fixtures.stripe import EVER, SELLER, StripeWorld
from tests.fixtures.world import ADULT


def charge(found: StripeWorld, order_id: str) -> Object:
    """The only payment that Stripe has of an order."""
    page = found.client.v1.payment_intents.list({"limit": 100}, SELLER)
    [held] = [one.to_dict() for one in page.data if one.metadata["order_id"] == order_id]
    return dict(held)


def differences() -> list[Difference]:
    with unit_of_work() as work:
        return [*own_differences(work, EVER), *reconcile(work, processor("stripe"), EVER).differences]


def intents(found: StripeWorld, order_id: str) -> list[tuple[str, str]]:
    rows = found.world.rows(
        "SELECT kind, status FROM payment_intents WHERE order_id = :id ORDER BY intent_id", id=order_id
    )
    return [(row["kind"], row["status"]) for row in rows]


def test_a_delivered_order_is_captured_on_the_sellers_account_less_the_platforms_fee(stripe_world: StripeWorld) -> None:
    order, _, _ = stripe_world.world.a_delivered_order()
    paid, money = charge(stripe_world, order["id"]), order["money"]
    assert order["payment"] == {
        "status": "captured", "authorized_minor": money["total_minor"], "captured_minor": money["total_minor"],
        "refunded_minor": 0,
    }  # fmt: skip
    assert (paid["status"], paid["amount_received"]) == ("succeeded", money["total_minor"])
    commission = round(money["subtotal_minor"] * 0.15)
    assert paid["application_fee_amount"] == commission + money["delivery_fee_minor"] + money["tip_minor"]
    assert differences() == []


def test_a_refused_order_gives_the_hold_back(stripe_world: StripeWorld) -> None:
    order, driver, _ = stripe_world.world.an_order_at_the_door()
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "underage"}))
    assert stripe_world.world.read(order["id"])["payment"]["status"] == "voided"
    assert charge(stripe_world, order["id"])["status"] == "canceled"
    assert differences() == []


def test_a_seller_without_an_account_cannot_be_paid_and_nothing_changes(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    taken(world.shop.merchant.patch(world.shop.path, {"payment_account": None}))
    order = world.an_order(world.shop.products[1])
    path = f"/v1/orders/{order['id']}/payment/authorize"
    refused(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"), 409, "seller_not_payable")
    assert intents(stripe_world, order["id"]) == []


def test_a_declined_card_leaves_the_order_payable_with_another(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order = world.an_order(world.shop.products[1])
    path = f"/v1/orders/{order['id']}/payment/authorize"
    answer = taken(world.customer.post(path, {"payment_method": "pm_card_chargeDeclined"}, key="a"))
    assert answer["status"] == "payment_declined"
    assert (
        taken(world.customer.post(path, {"payment_method": "pm_card_visa"}, key="b"))["status"] == "payment_authorized"
    )


@pytest.mark.parametrize("fault", Fault)
def test_an_authorisation_without_an_answer_is_looked_up_and_held_once(stripe_world: StripeWorld, fault: Fault) -> None:
    world = stripe_world.world
    order = world.an_order()
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", ADULT, key="v"))
    path = f"/v1/orders/{order['id']}/payment/authorize"
    stripe_world.standin.faults.queue(fault)
    refused(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"), 503, "unavailable")
    assert intents(stripe_world, order["id"]) == [("authorize", "unknown")]
    answer = world.customer.post(path, {"payment_method": "tok_visa"}, key="k")
    if fault == Fault.ERROR:  # Stripe repeats its own error; only then is the key known to be used up
        refused(answer, 503, "unavailable")
        answer = world.customer.post(path, {"payment_method": "tok_visa"}, key="k")
    assert taken(answer)["status"] == "payment_authorized"
    stripe_world.standin.faults.settle()
    assert charge(stripe_world, order["id"])["status"] == "requires_capture"
    assert differences() == []


@pytest.mark.parametrize("fault", Fault)
def test_a_capture_without_an_answer_is_looked_up_and_taken_once(stripe_world: StripeWorld, fault: Fault) -> None:
    world = stripe_world.world
    order, driver, _ = world.an_order_cleared_at_the_door()
    stripe_world.standin.faults.queue(fault)
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="d"))
    assert world.read(order["id"])["payment"]["status"] == "capturing"
    stripe_world.standin.faults.settle()
    for _ in range(2):
        stripe_world.sweep()
    assert world.read(order["id"])["payment"]["captured_minor"] == order["money"]["total_minor"]
    assert world.events(order["id"]).count("payment_captured") == 1
    assert differences() == []


def test_a_webhook_finishes_what_was_not_answered_and_is_applied_once(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order, driver, _ = world.an_order_cleared_at_the_door()
    stripe_world.standin.take_events()
    stripe_world.standin.faults.queue(Fault.LOST)
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="d"))
    [event] = stripe_world.standin.take_events()
    assert taken(stripe_world.deliver(event)) == {"new": True}
    assert world.read(order["id"])["payment"]["status"] == "captured"
    before = world.read(order["id"])
    assert taken(stripe_world.deliver(event)) == {"new": False}
    assert world.read(order["id"]) == before


def test_the_same_request_finds_the_hold_that_a_webhook_has_settled_meanwhile(stripe_world: StripeWorld) -> None:
    """Another card is another question, and the order is paid for already."""
    world = stripe_world.world
    order = world.an_order(world.shop.products[1])
    path = f"/v1/orders/{order['id']}/payment/authorize"
    stripe_world.standin.faults.queue(Fault.LOST)
    refused(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"), 503, "unavailable")
    for event in stripe_world.standin.take_events():
        taken(stripe_world.deliver(event))
    assert taken(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"))["status"] == "payment_authorized"
    refused(world.customer.post(path, {"payment_method": "tok_mastercard"}, key="l"), 409, "not_possible_now")
    assert intents(stripe_world, order["id"]) == [("authorize", "succeeded")]


def test_webhooks_in_the_wrong_order_change_nothing_that_is_known(stripe_world: StripeWorld) -> None:
    order, _, _ = stripe_world.world.a_delivered_order()
    before = stripe_world.world.read(order["id"])
    events = stripe_world.standin.take_events()
    assert len(events) >= 3
    for event in reversed(events):
        assert taken(stripe_world.deliver(event))["new"]
    assert stripe_world.world.read(order["id"]) == before
    assert differences() == []


def test_a_webhook_that_stripe_did_not_sign_now_is_refused(stripe_world: StripeWorld) -> None:
    event: Json = {"id": "evt_1", "object": "event", "type": "x", "data": {"object": {}}}
    refused(stripe_world.deliver(event, secret="whsec_forged"), 400, "signature_invalid")
    refused(stripe_world.deliver(event, ahead_s=-301), 400, "signature_invalid")
    refused(stripe_world.deliver(event, ahead_s=400), 400, "signature_invalid")
    unsigned = stripe_world.world.api.call("POST", "/webhooks/stripe", data=b"{}")
    refused(unsigned, 400, "signature_invalid")
    garbage = stripe_world.world.api.call(
        "POST", "/webhooks/stripe", data=b"x", headers={"Stripe-Signature": "t=a,v1=b"}
    )
    refused(garbage, 400, "signature_invalid")
    assert stripe_world.world.rows("SELECT * FROM inbox WHERE consumer = 'stripe'") == []
    assert taken(stripe_world.deliver(event)) == {"new": True}


def test_an_authorisation_that_comes_after_the_order_was_called_off_is_given_back(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order = world.an_order(world.shop.products[1])
    stripe_world.standin.faults.queue(Fault.LOST)
    path = f"/v1/orders/{order['id']}/payment/authorize"
    refused(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"), 503, "unavailable")
    taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
    for _ in range(2):
        stripe_world.sweep()
    assert world.read(order["id"])["payment"]["status"] == "voided"
    assert charge(stripe_world, order["id"])["status"] == "canceled"
    assert differences() == []


def test_money_is_given_back_in_parts_and_never_more_than_was_taken(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order, _, _ = world.a_delivered_order()
    path, total = f"/v1/orders/{order['id']}/refund", order["money"]["total_minor"]
    for amount_minor, key in ((333, "a"), (total - 333, "b")):
        taken(world.admin.post(path, {"amount_minor": amount_minor, "reason": "missing_item"}, key=key))
    after = world.read(order["id"])["payment"]
    assert (after["status"], after["refunded_minor"]) == ("refunded", total)
    problem = refused(
        world.admin.post(path, {"amount_minor": 1, "reason": "other"}, key="c"), 409, "refund_not_possible"
    )
    assert problem["refundable_minor"] == 0
    assert differences() == []
    [fee] = stripe_world.client.v1.application_fees.list().data
    assert fee.amount_refunded == fee.amount


def test_a_hold_that_stripe_let_go_leaves_the_customer_owing_and_an_operator_told(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order, driver, _ = world.an_order_cleared_at_the_door()
    held, total = charge(stripe_world, order["id"])["id"], order["money"]["total_minor"]
    stripe_world.client.v1.payment_intents.cancel(held, {}, SELLER)
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="d"))
    after = world.read(order["id"])
    assert (after["status"], after["payment"]["status"], after["payment"]["captured_minor"]) == (
        "delivered",
        "failed",
        0,
    )
    assert after["stuck_reason"] == "capture_failed"
    assert order["id"] in [stuck["id"] for stuck in taken(world.admin.get("/v1/admin/orders/stuck"))["items"]]
    with unit_of_work() as work:
        assert balances(work, "customers") == {("customers", "USD"): total}
    assert differences() == [Difference(held, "held", total, 0)]


def test_reconciliation_reports_what_differs_line_by_line(stripe_world: StripeWorld) -> None:
    world = stripe_world.world
    order, _, _ = world.a_delivered_order()
    paid = charge(stripe_world, order["id"])
    stripe_world.client.v1.refunds.create({"payment_intent": paid["id"], "amount": 100}, SELLER)
    world.rows("ALTER TABLE payment_intents DISABLE TRIGGER USER")
    world.rows("UPDATE orders SET captured_minor = captured_minor - 1 WHERE order_id = :id", id=order["id"])
    total = order["money"]["total_minor"]
    assert differences() == [
        Difference(order["id"], "captured: order and intents", total - 1, total),
        Difference(paid["id"], "refunded", 0, 100),
    ]
