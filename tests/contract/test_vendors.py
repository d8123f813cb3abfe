"""What every payment processor promises."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.kernel.errors import Unavailable
from shared.payments.fake import FakeProcessor
from shared.payments.protocol import Intent, PaymentProcessor

PROCESSORS: dict[str, Callable[[], PaymentProcessor]] = {"fake": FakeProcessor}

HOLD = Intent("pay_1", "ord_1", "authorize", 2_500, "USD", "tok_visa", None)


@pytest.fixture(params=PROCESSORS)
def processor(request: pytest.FixtureRequest) -> PaymentProcessor:
    return PROCESSORS[request.param]()


def test_asking_twice_holds_once(processor: PaymentProcessor) -> None:
    assert processor.perform(HOLD) == processor.perform(HOLD)


@pytest.mark.parametrize("kind", ["capture", "void"])
def test_a_hold_is_captured_or_given_back_by_its_own_reference(processor: PaymentProcessor, kind: str) -> None:
    held = processor.perform(HOLD)
    follow_up = replace(HOLD, intent_id="pay_2", kind=kind, method_token=None, reference=held.reference)  # type: ignore[arg-type]
    assert processor.perform(follow_up).status == "succeeded"
    assert processor.perform(follow_up) == processor.perform(follow_up)


def test_a_declined_card_is_an_answer_and_an_outage_is_none(processor: PaymentProcessor) -> None:
    assert processor.perform(replace(HOLD, method_token="tok_declined")).status == "declined"
    with pytest.raises(Unavailable):
        processor.perform(replace(HOLD, method_token="tok_unreachable"))
