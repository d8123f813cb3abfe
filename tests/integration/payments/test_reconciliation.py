"""Reconciliation looks at what moved since a day and at what was open by then; the history before costs nothing."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.standins.stripe import Settings, StandIn
from shared.payments.reconciliation import Difference, Reconciliation, own_differences, reconcile
from shared.wiring.payments import processor
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Json, taken
from tests.fixtures.stripe import EVER, SECRET_KEY, SELLER, WEBHOOK_SECRET, StripeWorld

DAY_S = 86_400.0
LISTS = 3
"""What one seller costs: fees, payments and refunds, a page of each."""


@pytest.fixture
def past_s() -> list[float]:
    """By how many seconds Stripe's clock is behind: what is done then was done so long ago."""
    return [0.0]


@pytest.fixture
def standin(past_s: list[float]) -> Iterator[StandIn]:
    with StandIn(Settings(SECRET_KEY, WEBHOOK_SECRET, clock=lambda: time.time() - past_s[0])) as running:
        yield running


def since_yesterday() -> Reconciliation:
    with unit_of_work() as work:
        return reconcile(work, processor("stripe"), datetime.now(UTC) - timedelta(days=1))


def a_past_order(found: StripeWorld, past_s: list[float], days: float, *, delivered: bool = True) -> str:
    """An order whose money moved so many days ago, on either side; the processor's reference of its payment."""
    world, past_s[0] = found.world, days * DAY_S
    order = world.a_delivered_order()[0] if delivered else world.a_paid_order()
    past_s[0] = 0.0
    world.rows("ALTER TABLE payment_intents DISABLE TRIGGER USER")
    world.rows(
        "UPDATE payment_intents SET asked_at = asked_at - CAST(:ago AS interval), updated_at = asked_at - CAST(:ago AS interval) "
        "WHERE order_id = :id",
        ago=f"{days} days", id=order["id"],
    )  # fmt: skip
    world.rows("ALTER TABLE payment_intents ENABLE TRIGGER USER")
    held = "SELECT reference FROM payment_intents WHERE order_id = :id AND kind = 'authorize'"
    return str(world.one(held, id=order["id"])["reference"])


def test_the_history_before_is_neither_compared_nor_asked_for(stripe_world: StripeWorld, past_s: list[float]) -> None:
    for _ in range(2):
        a_past_order(stripe_world, past_s, 30)
    stripe_world.world.a_delivered_order()
    before = stripe_world.standin.faults.calls
    assert since_yesterday() == Reconciliation(1, ())
    assert stripe_world.standin.faults.calls - before == LISTS
    with unit_of_work() as work:
        assert reconcile(work, processor("stripe"), EVER) == Reconciliation(3, ())


def test_an_old_payment_that_was_given_back_behind_our_back_is_found(
    stripe_world: StripeWorld, past_s: list[float]
) -> None:
    paid = a_past_order(stripe_world, past_s, 30)
    stripe_world.client.v1.refunds.create({"payment_intent": paid, "amount": 100}, SELLER)
    assert since_yesterday() == Reconciliation(1, (Difference(paid, "refunded", 0, 100),))


def test_an_old_payment_that_we_gave_back_is_compared_with_its_fee(
    stripe_world: StripeWorld, past_s: list[float]
) -> None:
    a_past_order(stripe_world, past_s, 30)
    order_id = stripe_world.world.one("SELECT order_id FROM orders")["order_id"]
    refund = {"amount_minor": 333, "reason": "late"}
    taken(stripe_world.world.admin.post(f"/v1/orders/{order_id}/refund", refund, key="r"))
    assert since_yesterday() == Reconciliation(1, ())


def test_a_hold_that_was_open_by_then_is_compared(stripe_world: StripeWorld, past_s: list[float]) -> None:
    held = a_past_order(stripe_world, past_s, 3, delivered=False)
    assert since_yesterday() == Reconciliation(1, ())
    stripe_world.client.v1.payment_intents.cancel(held, {}, SELLER)
    total = stripe_world.world.one("SELECT total_minor FROM orders")["total_minor"]
    assert since_yesterday() == Reconciliation(1, (Difference(held, "held", total, 0),))


def test_an_open_hold_that_the_processor_has_never_heard_of_is_a_difference(
    stripe_world: StripeWorld, past_s: list[float]
) -> None:
    world = stripe_world.world
    a_past_order(stripe_world, past_s, 3, delivered=False)
    world.rows("ALTER TABLE payment_intents DISABLE TRIGGER USER")
    world.rows("UPDATE payment_intents SET reference = 'pi_unheard_of'")
    total = world.one("SELECT total_minor FROM orders")["total_minor"]
    assert since_yesterday() == Reconciliation(1, (Difference("pi_unheard_of", "held", total, 0),))


def test_a_payment_that_we_know_nothing_of_is_a_difference(stripe_world: StripeWorld) -> None:
    foreign: Json = {
        "amount": 700, "currency": "usd", "capture_method": "manual", "confirm": True, "payment_method": "pm_card_visa",
    }  # fmt: skip
    held = stripe_world.client.v1.payment_intents.create(foreign, SELLER)  # type: ignore[arg-type]
    assert since_yesterday() == Reconciliation(1, (Difference(held.id, "held", 0, 700),))


def test_our_own_books_are_compared_for_orders_that_moved_since(stripe_world: StripeWorld, past_s: list[float]) -> None:
    world = stripe_world.world
    a_past_order(stripe_world, past_s, 30)
    order = world.one("SELECT order_id, captured_minor FROM orders")
    since = world.api.clock.advance(hours=1)
    world.rows("UPDATE orders SET captured_minor = captured_minor - 1")
    wrong = Difference(
        order["order_id"], "captured: order and intents", order["captured_minor"] - 1, order["captured_minor"]
    )
    with unit_of_work() as work:
        assert list(own_differences(work, since)) == []
        assert list(own_differences(work, EVER)) == [wrong]
    refund = {"amount_minor": 100, "reason": "late"}
    taken(world.admin.post(f"/v1/orders/{order['order_id']}/refund", refund, key="r"))
    with unit_of_work() as work:
        assert list(own_differences(work, since)) == [wrong]
