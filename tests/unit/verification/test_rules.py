"""Age, consent and what an outcome does to its order."""

from datetime import date

import pytest

from shared.orders.states import Step
from shared.verification import rules
from shared.verification.protocol import Outcome
from shared.verification.rules import ConsentRequired, age_on

TODAY = date(2026, 11, 20)


def test_the_twenty_first_birthday_counts_and_the_day_before_does_not() -> None:
    assert age_on(TODAY, date(2005, 11, 20)) == 21
    assert age_on(TODAY, date(2005, 11, 21)) == 20
    assert age_on(date(2025, 2, 28), date(2004, 2, 29)) == 20
    assert age_on(date(2025, 3, 1), date(2004, 2, 29)) == 21


def test_a_face_is_compared_only_with_consent_to_the_very_text() -> None:
    for version in (None, "", "biometric-2019-01"):
        with pytest.raises(ConsentRequired) as refusal:
            rules.check_consent("document_check", version)
        assert refusal.value.extra["consent"] == {"version": rules.CONSENT_VERSION, "text": rules.CONSENT_TEXT}
    given = rules.check_consent("document_check", rules.CONSENT_VERSION)
    assert given == {"version": rules.CONSENT_VERSION, "text_sha256": rules.CONSENT_SHA256}


def test_a_database_check_needs_no_consent_to_biometrics() -> None:
    assert rules.check_consent("database_check", None) is None


def test_only_approved_passes_and_only_declined_counts_against_the_customer() -> None:
    assert {outcome: rules.status_of(outcome) for outcome in Outcome} == {
        Outcome.PENDING: "pending",
        Outcome.APPROVED: "passed",
        Outcome.DECLINED: "failed",
        Outcome.REVIEW: "inconclusive",
        Outcome.ABANDONED: "inconclusive",
        Outcome.ERROR: "inconclusive",
        Outcome.WITHDRAWN: "inconclusive",
    }


def test_an_inconclusive_check_may_be_tried_again_but_not_for_ever() -> None:
    steps = [rules.step_after(Outcome.REVIEW, checks, proven=False) for checks in (1, 2, 3)]
    assert steps == [Step.REOPEN_AGE_CHECK, Step.REOPEN_AGE_CHECK, Step.FAIL_AGE_CHECK]
    assert rules.step_after(Outcome.APPROVED, 3, proven=True) == Step.PASS_AGE_CHECK


def test_an_approval_of_a_kind_that_will_not_do_proves_nothing() -> None:
    steps = [rules.step_after(Outcome.APPROVED, checks, proven=False) for checks in (1, 2, 3)]
    assert steps == [Step.REOPEN_AGE_CHECK, Step.REOPEN_AGE_CHECK, Step.FAIL_AGE_CHECK]
