"""What a cart costs."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import Money
from shared.kernel.positions import Position
from shared.orders import eta
from shared.orders.pricing import FREE_DISTANCE_M, Line, Price, delivery_fee_minor, price_cart

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
STORE = Position(32.7767, -96.7970)


def line(quantity: int = 1, minor: int = 1_899, tax_bps: int = 825, restricted: bool = True) -> Line:
    return Line("prd_1", "Pods", quantity, Money(minor), tax_bps, restricted, 60)


def priced(*lines: Line, tip_minor: int = 0, north_deg: float = 0.0, surge_bps: int = 10_000) -> Price:
    door = Position(STORE.lat + north_deg, STORE.lng)
    distance_m = STORE.distance_m(door)
    return price_cart(
        lines,
        distance_m=distance_m,
        expected=eta.at_order(600.0, distance_m, 0.0, None),
        tip_minor=tip_minor,
        now=NOW,
        surge_bps=surge_bps,
    )


def test_a_receipt_by_hand() -> None:
    price = priced(line(quantity=2), line(minor=249, restricted=False), tip_minor=300)
    assert price.subtotal == Money(4_047)
    assert price.tax == Money(313 + 21)
    assert price.delivery_fee == Money(299)
    assert price.total == Money(4_047 + 334 + 299 + 300)
    assert price.restricted


def test_the_fee_grows_with_the_distance_beyond_the_first_stretch() -> None:
    assert delivery_fee_minor(0) == delivery_fee_minor(FREE_DISTANCE_M) == 299
    assert delivery_fee_minor(FREE_DISTANCE_M + 1_000) == 359


def test_surge_touches_the_fee_and_nothing_else() -> None:
    plain, surged = priced(line()), priced(line(), surge_bps=15_000)
    assert surged.delivery_fee.minor == 449  # 1.5 × 2.99, half a cent up
    assert (surged.subtotal, surged.tax) == (plain.subtotal, plain.tax)


@given(st.lists(st.builds(line, st.integers(1, 50), st.integers(0, 100_000), st.integers(0, 2_000)), min_size=1, max_size=8),
       st.integers(0, 10_000), st.floats(0, 0.3))  # fmt: skip
def test_the_total_is_the_sum_of_what_is_shown(lines: list[Line], tip_minor: int, north_deg: float) -> None:
    price = priced(*lines, tip_minor=tip_minor, north_deg=north_deg)
    assert price.total.minor == sum(part.minor for part in (price.subtotal, price.delivery_fee, price.tax, price.tip))
    assert price.promised_until - price.promised_from == eta.PROMISE_WINDOW
    assert price.promised_from >= NOW - eta.PROMISE_WINDOW / 2 + timedelta(minutes=10, seconds=eta.DISPATCH_ALLOWANCE_S)


def test_further_away_is_promised_later() -> None:
    assert priced(line(), north_deg=0.1).promised_from > priced(line()).promised_from
