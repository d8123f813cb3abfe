"""Orders expected in the coming half hour."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine.columns import Floats
from shared.dispatch.zones.forecast import DECAY, HORIZON, WEEKS, Counts, forecast, half_hour_of, level, slots

FRIDAY_EVENING = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
SLOTS_PER_WEEK = 336


def usual_week(random: np.random.Generator, zones: int) -> Floats:
    """float64[slots, zones]: the true rates of a week: evenings are busy, week-ends more so, zones differ tenfold."""
    slot = np.arange(SLOTS_PER_WEEK)
    hour, day = slot % 48 / 2, slot // 48
    shape = 0.2 + np.exp(-(((hour - 19) / 2.0) ** 2)) + 0.5 * np.exp(-(((hour - 12.5) / 1.5) ** 2))
    return (shape * np.where(day >= 5, 1.5, 1.0))[:, None] * random.gamma(1.0, 4.0, zones)


def test_a_generated_town_is_forecast_far_better_than_by_its_last_hour_or_its_season_alone() -> None:
    """Two weeks are forecast from the eight before, with weather that makes whole days busier or quieter."""
    random = np.random.default_rng(20)
    weeks, zones = WEEKS + 2, 40
    weather = np.repeat(random.gamma(20.0, 1 / 20.0, weeks * 7), 48)
    truth = np.tile(usual_week(random, zones), (weeks, 1)) * weather[:, None]
    orders = random.poisson(truth).astype(np.float64)
    weights = DECAY ** np.arange(1, WEEKS + 1)
    ours, persistence, season = [], [], []
    for now in range(WEEKS * SLOTS_PER_WEEK, weeks * SLOTS_PER_WEEK):
        then = now - SLOTS_PER_WEEK * np.arange(1, WEEKS + 1)
        counts = Counts(
            stores=np.ones(zones),
            ahead=weights @ orders[then],
            usual=weights @ (orders[then - 1] + orders[then - 2]),
            recent=orders[now - 1] + orders[now - 2],
        )
        ours.append(np.mean((forecast(counts, weights.sum()) - truth[now]) ** 2))
        persistence.append(np.mean((counts.recent / 2 - truth[now]) ** 2))
        season.append(np.mean((counts.ahead / weights.sum() - truth[now]) ** 2))
    assert np.mean(ours) < 0.4 * np.mean(persistence)
    assert np.mean(ours) < 0.8 * np.mean(season)


def test_without_any_history_the_forecast_leans_on_the_last_hour() -> None:
    nothing = np.zeros(4)
    recent = np.array([40.0, 0.0, 0.0, 0.0])
    expected = forecast(Counts(np.ones(4), nothing, nothing, recent), weeks=0.0)
    assert expected.sum() == pytest.approx(20.0, rel=0.1)
    assert expected[0] > 5 * expected[1]


def test_a_region_where_nothing_ever_happened_expects_nothing() -> None:
    nothing = np.zeros(3)
    assert forecast(Counts(np.ones(3), nothing, nothing, nothing), weeks=0.0).tolist() == [0.0, 0.0, 0.0]


def test_a_busy_region_lifts_a_zone_that_was_quiet_by_chance() -> None:
    usual = np.full(50, 10.0)
    recent = np.full(50, 20.0)
    recent[0] = 10.0
    assert level(recent, usual)[0] > 1.5


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=20),
       st.floats(0, 5))  # fmt: skip
def test_a_forecast_is_a_number_from_zero(rows: list[tuple[float, float, float]], weeks: float) -> None:
    ahead, usual, recent = np.array(rows).T
    expected = forecast(Counts(np.ones(len(rows)), ahead, usual, recent), weeks)
    assert np.all(np.isfinite(expected))
    assert np.all(expected >= 0.0)


def test_the_half_hours_that_count_are_those_of_the_same_hour_of_earlier_weeks() -> None:
    found, weight = slots(FRIDAY_EVENING, "America/Chicago", FRIDAY_EVENING - timedelta(weeks=2, days=1))
    assert weight == pytest.approx(DECAY + DECAY**2)
    assert sum(slot.ahead for slot in found) == pytest.approx(weight)
    assert sum(slot.usual for slot in found) == pytest.approx(2 * weight)
    assert {slot.half_hour.isoformat()[5:16] for slot in found if slot.ahead} == {
        "11-13T23:30", "11-14T00:00", "11-06T23:30", "11-07T00:00",
    }  # fmt: skip


def test_the_clock_of_the_town_counts_when_summer_time_ends() -> None:
    """On 1 November 2026 Dallas goes from UTC-5 to UTC-6: six in the evening was an hour earlier in UTC."""
    six = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
    found, _ = slots(six, "America/Chicago", six - timedelta(days=8))
    assert [slot.half_hour for slot in found if slot.ahead] == [datetime(2026, 10, 25, 23, 0, tzinfo=UTC)]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_a_moment_lies_in_its_half_hour(moment: datetime) -> None:
    assert half_hour_of(moment) <= moment < half_hour_of(moment) + HORIZON
