"""For how long the law keeps what."""

from datetime import UTC, date, datetime

import pytest

from shared.vault.retention import over_before, retain_until


@pytest.mark.parametrize(
    ("sold_on", "last_day"),
    [
        (date(2026, 11, 20), date(2030, 12, 31)),
        (date(2026, 12, 31), date(2030, 12, 31)),
        (date(2027, 1, 1), date(2031, 12, 31)),
        (date(2028, 2, 29), date(2032, 12, 31)),
    ],
)
def test_a_record_is_kept_through_the_fourth_full_calendar_year_after_the_sale(sold_on: date, last_day: date) -> None:
    assert retain_until(sold_on) == last_day


def test_a_day_is_over_when_it_is_over_in_hawaii() -> None:
    assert over_before(datetime(2031, 1, 1, 9, 59, tzinfo=UTC)) == date(2030, 12, 31)
    assert over_before(datetime(2031, 1, 2, 0, 0, tzinfo=UTC)) == date(2031, 1, 1)
