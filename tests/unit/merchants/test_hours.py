"""Opening hours, by the store's own clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.merchants.hours import WEEKDAYS, next_opening, open_at

DALLAS = ZoneInfo("America/Chicago")
FRIDAY = datetime(2026, 11, 20, tzinfo=DALLAS)

LATE = {"fri": [["11:00", "14:00"], ["18:00", "02:00"]]}
ALL_DAY = {day: [["00:00", "24:00"]] for day in WEEKDAYS}

clock_times = st.builds(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}", st.integers(0, 24 * 60 - 1))
openings = st.tuples(clock_times, clock_times).filter(lambda pair: pair[0] != pair[1])
weeks = st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(openings, max_size=3), max_size=7)
moments = st.integers(0, 14 * 24 * 60 - 1).map(lambda minute: FRIDAY + timedelta(minutes=minute))


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return datetime.combine(FRIDAY.date() + timedelta(days=days), time(hour, minute), DALLAS)


def test_the_moment_of_opening_is_inside_and_that_of_closing_outside() -> None:
    assert open_at(LATE, at(11))
    assert not open_at(LATE, at(10, 59))
    assert open_at(LATE, at(13, 59))
    assert not open_at(LATE, at(14))


def test_a_night_reaches_into_the_next_day() -> None:
    assert open_at(LATE, at(23, 59))
    assert open_at(LATE, at(1, 59, days=1))
    assert not open_at(LATE, at(2, days=1))
    assert not open_at(LATE, at(1, 59))


def test_all_day_has_no_gap_at_midnight() -> None:
    assert all(open_at(ALL_DAY, at(hour, minute)) for hour in (0, 12, 23) for minute in (0, 59))


def test_the_next_opening_is_the_first_one_ahead() -> None:
    assert next_opening(LATE, at(9)) == at(11)
    assert next_opening(LATE, at(11)) == at(18)
    assert next_opening(LATE, at(20)) == at(11, days=7)
    assert next_opening({}, at(9)) is None


def test_hours_stay_on_the_wall_clock_when_summer_time_ends() -> None:
    sunday = {"sun": [["09:00", "10:00"]]}
    before = datetime(2026, 10, 31, 12, tzinfo=DALLAS)
    opening = next_opening(sunday, before)
    assert opening == datetime(2026, 11, 1, 9, tzinfo=DALLAS)
    assert opening.utcoffset() == timedelta(hours=-6)


@given(hours=weeks, moment=moments)
def test_hours_repeat_every_week(hours: dict[str, list[list[str]]], moment: datetime) -> None:
    assert open_at(hours, moment) == open_at(hours, moment + timedelta(days=7))


@given(hours=weeks, moment=moments)
def test_a_store_is_open_at_its_next_opening_which_is_ahead(
    hours: dict[str, list[list[str]]], moment: datetime
) -> None:
    opening = next_opening(hours, moment)
    if not any(hours.values()):
        assert opening is None
    else:
        assert opening is not None
        assert moment < opening <= moment + timedelta(days=7)
        assert open_at(hours, opening)


@given(hours=weeks, moment=moments)
def test_a_closed_store_stays_closed_until_its_next_opening(
    hours: dict[str, list[list[str]]], moment: datetime
) -> None:
    opening = next_opening(hours, moment)
    if opening is not None and not open_at(hours, moment):
        assert not open_at(hours, opening - timedelta(microseconds=1))
