"""Violations: which add up on a day, and what the next may bring."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.compliance.law import RULES
from shared.compliance.policy import Policy, policy
from shared.compliance.requirements import Penalty, ViolationCount, ViolationKind
from shared.compliance.rule import Rule
from shared.compliance.violations import Tally, Violation, months_before, outlook, tally

TODAY = date(2026, 11, 20)
TEXAS = policy("US-TX", TODAY)
SALE = ViolationKind.SALE_TO_MINOR


def found(*days: date, kind: ViolationKind = SALE, withdrawn: bool = False) -> list[Violation]:
    return [Violation(f"vio_{number}", kind, day, withdrawn) for number, day in enumerate(days)]


def counted(law: Policy, violations: list[Violation], day: date = TODAY) -> Tally:
    there = tally(law, violations, day)
    assert there is not None
    return there


@pytest.mark.rule("tx-violation-1", "tx-violation-2", "tx-violation-3", "tx-violation-4")
@pytest.mark.parametrize(
    ("before", "rule_id", "penalty"),
    [
        (0, "tx-violation-1", Penalty(1, fine_minor=100_000)),
        (1, "tx-violation-2", Penalty(2, fine_minor=200_000)),
        (2, "tx-violation-3", Penalty(3, fine_minor=300_000, suspension_days=5)),
        (3, "tx-violation-4", Penalty(4, revokes=True)),
        (9, "tx-violation-4", Penalty(4, revokes=True)),
    ],
)
def test_each_violation_weighs_more_and_after_the_last_rung_all_weigh_alike(
    before: int, rule_id: str, penalty: Penalty
) -> None:
    there = counted(TEXAS, found(*[TODAY] * before))
    assert (len(there.counted), there.next_number) == (before, before + 1)
    assert there.penalty is not None
    rule, next_one = there.penalty
    assert (rule.rule_id, next_one) == (rule_id, penalty)
    assert penalty.consequence in outlook(there)


@pytest.mark.rule("tx-violations")
def test_violations_of_the_last_24_months_add_up_both_days_included() -> None:
    days = (date(2024, 11, 19), date(2024, 11, 20), TODAY, TODAY + timedelta(days=1))
    there = counted(TEXAS, found(*days))
    assert there.since == date(2024, 11, 20)
    assert there.counted == ("vio_1", "vio_2")


@pytest.mark.rule("tx-violations")
@pytest.mark.parametrize(
    ("kind", "adds_up"),
    [
        (ViolationKind.SALE_TO_MINOR, True),
        (ViolationKind.WARNING_SIGN, True),
        (ViolationKind.AGE_NOT_CHECKED, False),
        (ViolationKind.DELIVERY_SALE, False),
    ],
)
def test_only_violations_of_the_subchapter_add_up(kind: ViolationKind, adds_up: bool) -> None:
    assert bool(counted(TEXAS, found(TODAY, kind=kind)).counted) == adds_up


def test_a_violation_that_was_withdrawn_never_counts() -> None:
    assert counted(TEXAS, found(TODAY, withdrawn=True)).counted == ()


def test_where_no_law_counts_violations_nothing_is_said_about_them() -> None:
    assert tally(policy("US-OK", TODAY), found(TODAY), TODAY) is None
    assert tally(policy("US-TX", date(2021, 8, 31)), found(TODAY), TODAY) is None
    assert outlook(None).startswith("No law on file")


def test_another_state_counts_its_own_and_a_change_of_the_window_is_a_row() -> None:
    def row(rule_id: str, requires: ViolationCount | Penalty, since: date) -> Rule:
        return Rule(rule_id, "XX", requires, since, None, "made up", None, "H", TODAY)

    early = date(2020, 1, 1)
    law = (
        *RULES,
        row("xx-count", ViolationCount(12, (ViolationKind.GIVEAWAY,)), early),
        row("xx-count-2", ViolationCount(36, (ViolationKind.GIVEAWAY,)), TODAY),
        row("xx-second", Penalty(2, suspension_days=30), early),
    )
    given = found(date(2025, 1, 1), kind=ViolationKind.GIVEAWAY)
    yesterday = TODAY - timedelta(days=1)
    assert counted(policy("XX", yesterday, law), given, yesterday).counted == ()
    there = counted(policy("XX", TODAY, law), given)
    assert (there.since, there.counted) == (date(2023, 11, 20), ("vio_0",))
    assert there.penalty is not None
    assert "a suspension of the store's permit for up to 30 days" in outlook(there)
    first = counted(policy("XX", TODAY, law), [])
    assert first.penalty is None
    assert outlook(first).startswith("No law on file")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 20), 24, date(2024, 11, 20)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_go_back_to_the_same_day_or_the_months_last(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@given(st.dates(date(2010, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_a_later_day_never_looks_further_back(day: date, months: int) -> None:
    assert months_before(day, months) <= months_before(day + timedelta(days=1), months) <= day + timedelta(days=1)
