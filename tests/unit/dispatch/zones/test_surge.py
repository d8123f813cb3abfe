"""The multiplier of the delivery fee."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.zones.surge import (
    DEAD_BAND_BPS,
    DELIVERIES_PER_DRIVER,
    STEP_BPS,
    next_bps,
    pressure,
    target_bps,
)
from shared.orders.surge import MOST_BPS, NONE_BPS, SurgeTerms

ROW = np.array([[0, 1], [1, 2], [2, 3]])
"""Four zones beside each other."""

figures = st.lists(st.floats(0, 200), min_size=4, max_size=4).map(np.array)
multipliers = st.lists(st.integers(NONE_BPS, MOST_BPS), min_size=4, max_size=4).map(np.array)
limits = st.integers(NONE_BPS, MOST_BPS)


@given(figures, figures, multipliers, limits)
def test_it_stays_between_one_and_the_limit(
    demand: np.ndarray, supply: np.ndarray, before: np.ndarray, limit: int
) -> None:
    after = next_bps(before, target_bps(pressure(demand, supply, ROW), limit), limit)
    assert np.all((after >= NONE_BPS) & (after <= limit))


@given(figures, figures, multipliers)
def test_it_moves_by_one_step_at_most(demand: np.ndarray, supply: np.ndarray, before: np.ndarray) -> None:
    after = next_bps(before, target_bps(pressure(demand, supply, ROW), MOST_BPS), MOST_BPS)
    assert np.all(np.abs(after - before) <= STEP_BPS)


@given(figures, figures, multipliers, st.integers(0, 3), st.floats(0, 100))
def test_more_orders_never_lower_it_and_more_drivers_never_raise_it(
    demand: np.ndarray, supply: np.ndarray, before: np.ndarray, zone: int, more: float
) -> None:
    def after(orders: np.ndarray, drivers: np.ndarray) -> np.ndarray:
        return next_bps(before, target_bps(pressure(orders, drivers, ROW), MOST_BPS), MOST_BPS)

    plain, extra = after(demand, supply), np.eye(4)[zone] * more
    assert np.all(after(demand + extra, supply) >= plain)
    assert np.all(after(demand, supply + extra) <= plain)


@given(figures, multipliers)
def test_it_comes_down_to_one_where_the_drivers_suffice(supply: np.ndarray, before: np.ndarray) -> None:
    now = before
    for _ in range(-(-(MOST_BPS - NONE_BPS) // STEP_BPS)):
        now = next_bps(now, target_bps(pressure(DELIVERIES_PER_DRIVER * supply, supply, ROW), MOST_BPS), MOST_BPS)
    assert now.tolist() == [NONE_BPS] * 4


def test_a_lasting_shortage_takes_ten_minutes_to_the_limit() -> None:
    now, target = np.array([NONE_BPS]), target_bps(np.array([9.0]), MOST_BPS)
    seen = [int((now := next_bps(now, target, MOST_BPS))[0]) for _ in range(11)]
    assert seen == [*range(11_000, 20_001, 1_000), 20_000]


def test_a_small_change_is_not_passed_on_but_the_last_one_back_to_none_is() -> None:
    before = np.array([12_000, 12_000, 10_500])
    target = np.array([12_000 + DEAD_BAND_BPS, 12_000 - DEAD_BAND_BPS, NONE_BPS])
    assert next_bps(before, target, MOST_BPS).tolist() == [12_000, 12_000, NONE_BPS]


def test_one_order_in_an_empty_zone_is_no_shortage() -> None:
    assert target_bps(pressure(np.array([1.0]), np.array([0.0]), ROW[:0]), MOST_BPS).tolist() == [NONE_BPS]


def test_a_shortage_reaches_the_next_zone_weaker() -> None:
    reached = pressure(np.array([10.0, 0.0, 0.0, 0.0]), np.zeros(4), ROW)
    assert reached.tolist() == [10.0, 5.0, 0.0, 0.0]


@given(multipliers, multipliers)
def test_a_disaster_holds_it_at_one_at_once(before: np.ndarray, target: np.ndarray) -> None:
    terms = SurgeTerms(disaster_declared=True)
    assert next_bps(before, target, terms.cap_bps).tolist() == [NONE_BPS] * 4
    assert {terms.charged_bps(int(zone)) for zone in before} == {NONE_BPS}


def test_without_a_zone_nothing_is_added() -> None:
    assert SurgeTerms().charged_bps(None) == NONE_BPS
    assert SurgeTerms(limit_bps=13_000).charged_bps(15_000) == 13_000
