"""What every payment processor promises."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.kernel.errors import Unavailable
from shared.payments.fake import FakeProcessor
from shared.payments.protocol import Intent, PaymentProcessor
from shared.payments.states import Kind
from shared.payments.terminal import TerminalProcessor
from tests.fixtures.stripe import EVER

PROCESSORS = ("fake", "stripe", "terminal")

HOLD = Intent(
    intent_id="pay_1", order_id="ord_1", kind="authorize", amount_minor=2_500, fee_minor=600, currency="USD",
    account="acct_1", method_token="tok_visa", hold_reference=None, attempt=1, asked_at=None,
)  # fmt: skip


@pytest.fixture(params=PROCESSORS)
def processor(request: pytest.FixtureRequest) -> PaymentProcessor:
    made: dict[str, Callable[[], PaymentProcessor]] = {
        "fake": FakeProcessor,
        "stripe": lambda: request.getfixturevalue("adapter"),
        "terminal": TerminalProcessor,
    }
    return made[request.param]()


def on(hold: str, kind: Kind, intent_id: str, amount_minor: int = 2_500) -> Intent:
    """An intent that acts on a hold."""
    return replace(
        HOLD, intent_id=intent_id, kind=kind, amount_minor=amount_minor, method_token=None, hold_reference=hold
    )


def test_asking_twice_holds_once(processor: PaymentProcessor) -> None:
    held = processor.perform(HOLD)
    assert held.status == "succeeded"
    assert processor.perform(HOLD) == held
    assert len(list(processor.charges(["acct_1"], EVER))) <= 1


@pytest.mark.parametrize("kind", ["capture", "void"])
def test_a_hold_is_captured_or_given_back_by_its_own_reference(processor: PaymentProcessor, kind: Kind) -> None:
    follow_up = on(processor.perform(HOLD).reference, kind, "pay_2")
    assert processor.perform(follow_up).status == "succeeded"
    assert processor.perform(follow_up) == processor.perform(follow_up)


def test_what_was_never_asked_is_not_found(processor: PaymentProcessor) -> None:
    held = processor.perform(HOLD)
    assert processor.find(on(held.reference, "capture", "pay_2")) is None
    assert processor.find(on(held.reference, "void", "pay_3")) is None
    assert processor.find(replace(HOLD, intent_id="pay_never")) is None


def test_a_processor_that_can_gives_a_part_back_and_one_that_cannot_says_so(processor: PaymentProcessor) -> None:
    able = processor.capabilities.refund
    assert able != processor.capabilities.by_hand
    if able:
        held = processor.perform(HOLD)
        assert processor.perform(on(held.reference, "capture", "pay_2")).status == "succeeded"
        assert processor.perform(on(held.reference, "refund", "pay_3", 700)).status == "succeeded"


@pytest.mark.parametrize("name", ["fake", "stripe"])
def test_a_declined_card_is_an_answer_and_the_next_card_is_another_question(
    name: str, request: pytest.FixtureRequest
) -> None:
    processor = FakeProcessor() if name == "fake" else request.getfixturevalue("adapter")
    assert processor.perform(replace(HOLD, method_token="tok_chargeDeclined")).status == "declined"
    assert processor.perform(replace(HOLD, intent_id="pay_2")).status == "succeeded"


def test_an_outage_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        FakeProcessor().perform(replace(HOLD, method_token="tok_unreachable"))
