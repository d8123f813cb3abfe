"""Holds that are about to lapse are replaced with the same card, or their orders are called off."""

from datetime import UTC, datetime

from infra.standins.stripe import Fault
from shared.wiring.payments import processor
from tests.fixtures.http import Json, taken
from tests.fixtures.stripe import EVER, StripeWorld


def renew(found: StripeWorld) -> Json:
    return taken(found.world.platform.post("/internal/maintenance/renew_holds"))


def nearly_lapsed(found: StripeWorld) -> Json:
    order = found.world.a_paid_order(found.world.shop.products[1])
    found.nears_its_end(order["id"])
    return order


def states(found: StripeWorld, order_id: str) -> list[tuple[str, str]]:
    sql = "SELECT kind, status FROM payment_intents WHERE order_id = :id ORDER BY kind, created_at, status DESC"
    return [(row["kind"], row["status"]) for row in found.world.rows(sql, id=order_id)]


def test_a_hold_carries_the_processors_own_deadline(stripe_world: StripeWorld) -> None:
    order = stripe_world.world.a_paid_order(stripe_world.world.shop.products[1])
    hold = stripe_world.world.one("SELECT capture_before FROM payment_intents WHERE order_id = :id", id=order["id"])
    days = (hold["capture_before"] - datetime.now(UTC)).total_seconds() / 86_400
    assert 6.9 < days <= 7
    assert renew(stripe_world) == {"renewed": 0, "cancelled": 0, "unanswered": 0}


def test_a_hold_about_to_lapse_is_replaced_once_and_the_old_one_given_back(stripe_world: StripeWorld) -> None:
    order = nearly_lapsed(stripe_world)
    assert renew(stripe_world)["renewed"] == 1
    stripe_world.sweep()
    assert states(stripe_world, order["id"]) == [
        ("authorize", "superseded"), ("authorize", "succeeded"), ("void", "succeeded"),
    ]  # fmt: skip
    after = stripe_world.world.read(order["id"])
    assert (after["status"], after["payment"]["status"]) == ("payment_authorized", "authorized")
    held = processor("stripe").charges(["acct_lonestar"], EVER)
    assert sorted(charge.held_minor for charge in held) == [0, order["money"]["total_minor"]]


def test_the_order_is_called_off_when_the_card_says_no(stripe_world: StripeWorld) -> None:
    order = nearly_lapsed(stripe_world)
    stripe_world.standin.block("tok_visa")
    assert renew(stripe_world) == {"renewed": 0, "cancelled": 1, "unanswered": 0}
    after = stripe_world.world.read(order["id"])
    assert (after["status"], after["ended_reason"], after["payment"]["status"]) == (
        "cancelled",
        "hold_lapsed",
        "voided",
    )
    assert stripe_world.world.verdict(order["id"])["valid"]


def test_a_replacement_without_an_answer_is_finished_later(stripe_world: StripeWorld) -> None:
    order = nearly_lapsed(stripe_world)
    stripe_world.standin.faults.queue(Fault.LOST)
    assert renew(stripe_world) == {"renewed": 0, "cancelled": 0, "unanswered": 1}
    for _ in range(2):
        stripe_world.sweep()
    assert [status for _, status in states(stripe_world, order["id"])] == ["superseded", "succeeded", "succeeded"]


def test_an_order_that_ended_while_its_hold_was_replaced_gives_both_back(stripe_world: StripeWorld) -> None:
    order = nearly_lapsed(stripe_world)
    stripe_world.standin.faults.queue(Fault.LOST)
    assert renew(stripe_world)["unanswered"] == 1
    taken(stripe_world.world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
    for _ in range(3):
        stripe_world.sweep()
    held = list(processor("stripe").charges(["acct_lonestar"], EVER))
    assert [charge.held_minor for charge in held] == [0, 0]
    assert stripe_world.world.read(order["id"])["payment"]["status"] == "voided"
