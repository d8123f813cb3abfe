"""The Stripe adapter by itself: what it makes of Stripe's answers, and of none."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.standins.stripe import Fault, Settings, StandIn
from shared.kernel.errors import Unavailable
from shared.payments.protocol import Intent, KeyUsedUp, Outcome
from shared.payments.states import Kind
from shared.payments.stripe import StripeProcessor
from tests.fixtures.stripe import EVER, PATIENCE_S, SECRET_KEY, WEBHOOK_SECRET

HOLD = Intent(
    intent_id="pay_1", order_id="ord_1", kind="authorize", amount_minor=2_500, fee_minor=600, currency="USD",
    account="acct_1", method_token="pm_card_visa", hold_reference=None, attempt=1, asked_at=None,
)  # fmt: skip
DAY_S = 24 * 3_600


@pytest.fixture
def wall() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def standin(wall: list[float]) -> Iterator[StandIn]:
    with StandIn(Settings(SECRET_KEY, WEBHOOK_SECRET, clock=lambda: wall[0])) as running:
        running.faults.pause_s = 2 * PATIENCE_S
        yield running


def on(hold: Outcome, kind: Kind, intent_id: str, amount_minor: int = 2_500) -> Intent:
    return replace(
        HOLD, intent_id=intent_id, kind=kind, amount_minor=amount_minor, fee_minor=amount_minor * 600 // 2_500,
        method_token=None, hold_reference=hold.reference,
    )  # fmt: skip


def test_a_part_of_a_hold_is_captured_and_the_rest_let_go(adapter: StripeProcessor) -> None:
    held = adapter.perform(HOLD)
    assert adapter.perform(on(held, "capture", "pay_2", 2_000)).status == "succeeded"
    [charge] = adapter.charges(["acct_1"], EVER)
    assert (charge.held_minor, charge.captured_minor, charge.fee_minor) == (0, 2_000, 480)


def test_long_after_its_key_was_forgotten_an_intent_is_found_and_not_sent_again(
    adapter: StripeProcessor, standin: StandIn, wall: list[float]
) -> None:
    standin.faults.queue(Fault.LOST)
    with pytest.raises(Unavailable):
        adapter.perform(HOLD)
    wall[0] += 2 * DAY_S
    found = adapter.find(HOLD)
    assert found is not None
    assert found.status == "succeeded"
    assert [charge.reference for charge in adapter.charges(["acct_1"], EVER)] == [found.reference]


def test_a_key_is_used_up_only_when_stripe_repeats_its_error(adapter: StripeProcessor, standin: StandIn) -> None:
    standin.faults.queue(Fault.BEFORE, Fault.ERROR)
    for expected in (Unavailable, Unavailable, KeyUsedUp):
        with pytest.raises(Unavailable) as failed:
            adapter.perform(HOLD)
        assert type(failed.value) is expected
    assert adapter.find(HOLD) is None
    assert adapter.perform(replace(HOLD, attempt=2)).status == "succeeded"


@pytest.mark.parametrize(("first", "then"), [("capture", "void"), ("void", "capture")])
def test_a_hold_that_is_gone_is_an_answer(adapter: StripeProcessor, first: Kind, then: Kind) -> None:
    held = adapter.perform(HOLD)
    assert adapter.perform(on(held, first, "pay_2")).status == "succeeded"
    assert adapter.perform(on(held, then, "pay_3")) == Outcome("declined", held.reference)
    assert adapter.perform(on(held, first, "pay_4")) == Outcome("succeeded", held.reference)


def test_a_hold_that_lapsed_cannot_be_captured(adapter: StripeProcessor, wall: list[float]) -> None:
    held = adapter.perform(HOLD)
    assert held.capture_before is not None
    wall[0] = held.capture_before.timestamp() + 1
    assert adapter.perform(on(held, "capture", "pay_2")).status == "declined"
    assert adapter.find(on(held, "void", "pay_3")) == Outcome("succeeded", held.reference)


def test_a_card_that_stripe_does_not_know_is_declined(adapter: StripeProcessor) -> None:
    assert adapter.perform(replace(HOLD, method_token="pm_unheard_of")).status == "declined"
    assert list(adapter.charges(["acct_1"], EVER)) == []


def test_a_wrong_key_is_no_answer_to_the_customer(standin: StandIn) -> None:
    misled = StripeProcessor("sk_test_wrong", WEBHOOK_SECRET, url=standin.url, retries=0)
    with pytest.raises(Unavailable):
        misled.perform(HOLD)
    with pytest.raises(Unavailable):
        list(misled.charges(["acct_1"], EVER))


def test_a_refund_that_was_made_is_found_among_others(adapter: StripeProcessor, standin: StandIn) -> None:
    held = adapter.perform(HOLD)
    adapter.perform(on(held, "capture", "pay_2"))
    adapter.perform(on(held, "refund", "pay_3", 300))
    standin.faults.queue(Fault.TIMEOUT)
    with pytest.raises(Unavailable):
        adapter.perform(on(held, "refund", "pay_4", 400))
    found = adapter.find(on(held, "refund", "pay_4", 400))
    assert found is not None
    assert adapter.find(on(held, "refund", "pay_5", 500)) is None
    assert [charge.refunded_minor for charge in adapter.charges(["acct_1"], EVER)] == [700]
