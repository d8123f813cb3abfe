"""When a last day is over."""

from datetime import UTC, date, datetime

from shared.vault.retention import over_before


def test_a_day_is_over_when_it_is_over_in_hawaii() -> None:
    assert over_before(datetime(2031, 1, 1, 9, 59, tzinfo=UTC)) == date(2030, 12, 31)
    assert over_before(datetime(2031, 1, 2, 0, 0, tzinfo=UTC)) == date(2031, 1, 1)
