"""What every payment processor and every provider of age checks promises."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from shared.kernel.errors import Unavailable
from shared.payments.fake import FakeProcessor
from shared.payments.protocol import Intent, PaymentProcessor
from shared.verification.fake import FakeVerifier, age_on
from shared.verification.protocol import AgeVerifier, Subject

PROCESSORS: dict[str, Callable[[], PaymentProcessor]] = {"fake": FakeProcessor}
VERIFIERS: dict[str, Callable[[], AgeVerifier]] = {"fake": FakeVerifier}

HOLD = Intent("pay_1", "ord_1", "authorize", 2_500, "USD", "tok_visa", None)
TODAY = date(2026, 11, 20)
ADULT = Subject("Jordan Rivers", date(1990, 4, 2), "1 Elm St, Dallas 75201")


@pytest.fixture(params=PROCESSORS)
def processor(request: pytest.FixtureRequest) -> PaymentProcessor:
    return PROCESSORS[request.param]()


@pytest.fixture(params=VERIFIERS)
def verifier(request: pytest.FixtureRequest) -> AgeVerifier:
    return VERIFIERS[request.param]()


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


def test_an_adult_passes_and_a_minor_does_not(verifier: AgeVerifier) -> None:
    minor = replace(ADULT, birth_date=date(2005, 11, 21))
    assert verifier.check("chk_1", ADULT, minimum_age=21, today=TODAY).status == "passed"
    assert verifier.check("chk_2", minor, minimum_age=21, today=TODAY).status == "failed"


def test_asking_twice_is_one_check(verifier: AgeVerifier) -> None:
    first = verifier.check("chk_1", ADULT, minimum_age=21, today=TODAY)
    assert verifier.check("chk_1", ADULT, minimum_age=21, today=TODAY) == first


def test_the_twenty_first_birthday_counts_and_the_day_before_does_not() -> None:
    assert age_on(TODAY, date(2005, 11, 20)) == 21
    assert age_on(TODAY, date(2005, 11, 21)) == 20
    assert age_on(date(2025, 2, 28), date(2004, 2, 29)) == 20
    assert age_on(date(2025, 3, 1), date(2004, 2, 29)) == 21


def test_a_subject_does_not_show_itself_in_logs() -> None:
    assert "Jordan" not in repr(ADULT)
    assert "1990" not in f"{ADULT}"
