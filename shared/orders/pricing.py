"""What a cart costs. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.money import Money
from shared.orders.eta import Expected

BASE_FEE_MINOR = 299
FEE_PER_KM_MINOR = 60
FREE_DISTANCE_M = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One product of the cart; `tax_bps` is its tax in basis points."""

    product_id: str
    name: str
    quantity: int
    unit_price: Money
    tax_bps: int
    restricted: bool
    weight_g: int | None

    @property
    def amount(self) -> Money:
        return self.unit_price.times(self.quantity)


@dataclass(frozen=True, slots=True)
class Price:
    """`surge_fee` is the part of `delivery_fee` that the multiplier `surge_bps` added, `driver_surge` the driver's share.

    `expected` is the arrival as foretold; `promised_from` and `promised_until` frame it.
    """

    lines: tuple[Line, ...]
    subtotal: Money
    delivery_fee: Money
    surge_bps: int
    surge_fee: Money
    driver_surge: Money
    tax: Money
    tip: Money
    total: Money
    restricted: bool
    expected: Expected
    promised_from: datetime
    promised_until: datetime


def price_cart(
    lines: tuple[Line, ...],
    *,
    distance_m: float,
    expected: Expected,
    tip_minor: int,
    now: datetime,
    surge_bps: int = 10_000,
    driver_share_bps: int = 0,
) -> Price:
    """Goods, a delivery fee by distance (`surge_bps` 10,000 = none), tax per line, tip. All lines share one currency.

    `driver_share_bps` is what the driver gets of the surge.
    """
    currency = lines[0].unit_price.currency
    subtotal = sum((line.amount for line in lines), start=Money(0, currency))
    tax = sum((line.amount.share(line.tax_bps) for line in lines), start=Money(0, currency))
    plain_fee = Money(delivery_fee_minor(distance_m), currency)
    fee = plain_fee.share(surge_bps)
    surge_fee = Money(fee.minor - plain_fee.minor, currency)
    tip = Money(tip_minor, currency)
    return Price(
        lines=lines,
        subtotal=subtotal,
        delivery_fee=fee,
        surge_bps=surge_bps,
        surge_fee=surge_fee,
        driver_surge=surge_fee.share(driver_share_bps),
        tax=tax,
        tip=tip,
        total=subtotal + fee + tax + tip,
        restricted=any(line.restricted for line in lines),
        expected=expected,
        promised_from=now + timedelta(seconds=expected.early_s),
        promised_until=now + timedelta(seconds=expected.late_s),
    )


def delivery_fee_minor(distance_m: float) -> int:
    beyond_km = max(0.0, distance_m - FREE_DISTANCE_M) / 1_000
    return BASE_FEE_MINOR + round(beyond_km * FEE_PER_KM_MINOR)
