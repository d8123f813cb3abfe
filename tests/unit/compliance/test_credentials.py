"""Permits and documents: a life as one table, and what one is worth on a day."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.compliance import credentials
from shared.compliance.credentials import (
    CREDENTIAL_TRANSITIONS,
    REMIND_DAYS,
    Credential,
    CredentialStep,
    ReviewNotPossible,
    Standing,
    current,
    due_reminder,
    standing_on,
)

TODAY = date(2026, 11, 20)
OLD = Credential("doc_1", "licence", Standing.VERIFIED, date(2026, 12, 31), "TX")
NEW = replace(OLD, id="doc_2", expires_on=date(2030, 12, 31))


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("left", "expected"),
    [(31, Standing.VERIFIED), (30, Standing.EXPIRING), (0, Standing.EXPIRING), (-1, Standing.EXPIRED)],
)
def test_what_is_verified_expires_with_its_last_day_whether_or_not_a_sweep_came_by(
    left: int, expected: Standing
) -> None:
    for stored in (Standing.VERIFIED, Standing.EXPIRING, Standing.EXPIRED):
        assert standing_on(stored, days(left), TODAY) == expected


def test_what_is_not_verified_is_worth_the_same_on_any_day() -> None:
    for status in (Standing.SUBMITTED, Standing.IN_REVIEW, Standing.REJECTED, Standing.REVOKED):
        assert standing_on(status, days(-1), TODAY) == status
    assert standing_on(Standing.VERIFIED, None, TODAY) == Standing.VERIFIED


def test_a_review_leads_only_where_the_table_says() -> None:
    steps = (CredentialStep.BEGIN_REVIEW, CredentialStep.VERIFY, CredentialStep.REJECT, CredentialStep.REVOKE)
    table = {(source, row.step): row.target for row in CREDENTIAL_TRANSITIONS for source in row.sources}
    for status, step in product(Standing, steps):
        if (status, step) in table:
            assert credentials.review(status, step) == table[status, step]
            continue
        with pytest.raises(ReviewNotPossible) as refusal:
            credentials.review(status, step)
        assert step.value not in refusal.value.extra["allowed_decisions"]


def test_no_reviewer_can_make_something_expire() -> None:
    for status in Standing:
        with pytest.raises(ReviewNotPossible):
            credentials.review(status, CredentialStep.EXPIRE)


@pytest.mark.parametrize("status", [Standing.SUBMITTED, Standing.IN_REVIEW, Standing.REJECTED])
def test_a_renewal_takes_nothing_away_until_it_is_verified(status: Standing) -> None:
    assert current([OLD, replace(NEW, status=status)], "licence") == OLD
    assert current([NEW, OLD], "licence") == NEW


def test_a_revoked_renewal_does_not_bring_the_old_one_back() -> None:
    revoked = replace(NEW, status=Standing.REVOKED)
    assert current([OLD, revoked], "licence") == revoked


@given(st.integers(0, 60), st.integers(1, 20))
def test_day_by_day_each_reminder_is_due_once_and_none_after_the_end(left: int, apart: int) -> None:
    last, reminded, told = days(left), None, []
    for day in range(0, left + 10, apart):
        due = due_reminder(last, days(day), reminded)
        if due is not None:
            assert (last - days(day)).days <= due
            told.append(due)
            reminded = due
    assert told == sorted(set(told), reverse=True)
    assert set(told) <= set(REMIND_DAYS)
    if apart == 1:
        on_the_first_day = {min(mark for mark in REMIND_DAYS if mark >= left)} if left <= max(REMIND_DAYS) else set()
        assert set(told) == {mark for mark in REMIND_DAYS if mark < left} | on_the_first_day
