"""When a check by hand is offered, and which drivers stand out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.doorstep import rules
from shared.doorstep.rules import (
    GRADES,
    LIMITS,
    MANUAL_CHECKS,
    Earlier,
    ManualChecksUsedUp,
    ManualNotOffered,
    Method,
    Record,
)

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
CLEAN = Record(passed=20, manual=0, fast=0, far=0, decoys_handed_over=0)


def test_each_method_has_a_grade_of_its_own() -> None:
    assert set(GRADES) == set(Method)
    assert len(set(GRADES.values())) == len(Method)


@pytest.mark.parametrize("failed_scans", [0, 1, 2])
def test_by_hand_is_not_offered_before_three_failed_scans(failed_scans: int) -> None:
    with pytest.raises(ManualNotOffered) as refusal:
        rules.check_method(Method.MANUAL, Earlier(failed_scans, 0, None), NOW)
    assert refusal.value.extra["scans_left"] == 3 - failed_scans


def test_scans_and_mobile_licences_are_always_welcome() -> None:
    worn_out = Earlier(9, MANUAL_CHECKS, NOW)
    assert [rules.check_method(method, worn_out, NOW) for method in (Method.SCAN, Method.MOBILE_LICENCE)] == [
        None,
        None,
    ]


def test_the_limit_of_checks_by_hand_names_the_time_at_which_the_first_is_a_day_old() -> None:
    first = NOW - timedelta(hours=23)
    assert rules.check_method(Method.MANUAL, Earlier(3, MANUAL_CHECKS - 1, first), NOW) is None
    with pytest.raises(ManualChecksUsedUp) as refusal:
        rules.check_method(Method.MANUAL, Earlier(3, MANUAL_CHECKS, first), NOW)
    assert refusal.value.extra["retry_after_s"] == 3_600


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"decoys_handed_over": 1}, "handed_over_to_a_decoy"),
        ({"manual": 7}, "many_manual_checks"),
        ({"fast": LIMITS.repeated}, "implausibly_fast_checks"),
        ({"far": LIMITS.repeated}, "checks_far_from_the_door"),
    ],
)
def test_each_anomaly_stands_out_by_itself(change: dict[str, int], code: str) -> None:
    assert rules.anomalies(CLEAN) == []
    assert rules.anomalies(replace(CLEAN, **change)) == [code]


def test_few_checks_say_nothing_of_a_share() -> None:
    assert rules.anomalies(Record(passed=4, manual=4, fast=0, far=0, decoys_handed_over=0)) == []
    assert Record(passed=0, manual=0, fast=0, far=0, decoys_handed_over=0).manual_share == 0.0
