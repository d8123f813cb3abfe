"""Money and positions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import CurrencyMismatch, Money
from shared.kernel.positions import EARTH_RADIUS_M, Position

PLACES = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


def test_a_share_is_rounded_half_up_to_a_cent() -> None:
    assert Money(1_000).share(825) == Money(83)  # 8.25 % of 10.00 is 82.5 cents
    assert Money(1_899).share(825) == Money(157)
    assert Money(0).share(825) == Money(0)


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(CurrencyMismatch, match="USD and EUR"):
        Money(1, "USD") + Money(1, "EUR")


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_a_share_is_within_half_a_cent(minor: int, basis_points: int) -> None:
    assert abs(Money(minor).share(basis_points).minor - minor * basis_points / 10_000) <= 0.5


@pytest.mark.parametrize(("lat", "lng"), [(91, 0), (-90.1, 0), (0, 180.5), (math.nan, 0), (0, math.inf)])
def test_there_is_no_such_place(lat: float, lng: float) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        Position(lat, lng)


def test_a_degree_of_latitude_is_what_the_sphere_says() -> None:
    assert Position(32, -96).distance_m(Position(33, -96)) == pytest.approx(EARTH_RADIUS_M * math.pi / 180)


@given(PLACES, PLACES)
def test_distance_is_symmetric_and_never_more_than_half_the_globe(one: Position, other: Position) -> None:
    assert one.distance_m(other) == pytest.approx(other.distance_m(one), abs=1e-6)
    assert 0 <= one.distance_m(other) <= math.pi * EARTH_RADIUS_M + 1e-6
