"""What a decoy's end says of its driver."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.orders.refuse_delivery import RefusalReason
from shared.decoys import rules
from shared.kernel.errors import BadInput
from shared.orders.states import Status

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [Status.REFUSED, Status.RETURNED])
def test_a_refusal_for_the_document_passes_and_one_for_another_reason_shows_nothing(status: Status) -> None:
    outcomes = {reason: rules.outcome(status, reason) for reason in RefusalReason}
    passed = {reason for reason, outcome in outcomes.items() if outcome == "refused"}
    assert passed == rules.OF_THE_DOCUMENT
    assert {outcomes[reason] for reason in set(RefusalReason) - passed} == {"void"}


def test_handing_over_fails_whatever_else() -> None:
    assert rules.outcome(Status.DELIVERED, None) == "handed_over"


def test_an_order_that_never_came_to_the_door_shows_nothing() -> None:
    assert {rules.outcome(status, "other") for status in (Status.CANCELLED, Status.AGE_FAILED)} == {"void"}
    assert rules.outcome(Status.ARRIVED, None) is None


def test_a_decoy_is_planned_ahead_and_missed_after_its_window() -> None:
    rules.check_schedule(NOW, NOW)
    with pytest.raises(BadInput, match="past"):
        rules.check_schedule(NOW - timedelta(seconds=1), NOW)
    assert not rules.is_missed(NOW, NOW + rules.WINDOW)
    assert rules.is_missed(NOW, NOW + rules.WINDOW + timedelta(seconds=1))
