"""When an order will be at the door: a rule, and what was learnt of its errors. Pure.

    at the order   whoever comes last, goods or driver, then the allowance for the order's handling and the way
    at pickup      the way

`shared.prediction.eta` learns the offsets by which arrivals differ from it: three quantiles for each hour, band of distance
and band of pressure. Without them the rule stands alone, in a window of twenty minutes.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta

from shared.routing.geo import travel_time_s

DISPATCH_ALLOWANCE_S = 300
"""What an order takes beside its preparation and its way: being paid and accepted, finding a driver, fetching; seconds."""

APPROACH_S = 240
"""What a driver needs to come to the store, seconds: goods that are ready sooner wait for the driver."""

BANDS_M = (1_000.0, 2_000.0, 4_000.0, 8_000.0)
"""Crow-fly metres at which a new band of distance begins."""

PRESSURES = (0.5, 2.0)
"""Waiting orders per free driver at which a new band of pressure begins."""

PROMISE_WINDOW = timedelta(minutes=20)
"""How wide a promise is while nothing has been learnt."""

Offsets = list[list[list[float]]]
"""Seconds: [band of distance][band of pressure][early, likely, late], of one hour."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Seconds from now to the door. `rule_s` is what the rule alone says; one arrival in ten is before `early_s`, one after
    `late_s`, and `likely_s` is in the middle."""

    rule_s: float
    early_s: float
    likely_s: float
    late_s: float


def at_order(prep_s: float, distance_m: float, waiting_per_driver: float, offsets: Offsets | None) -> Expected:
    rule_s = max(prep_s, APPROACH_S) + DISPATCH_ALLOWANCE_S + travel_time_s(distance_m)
    return _expected(rule_s, distance_m, waiting_per_driver, offsets)


def at_pickup(distance_m: float, offsets: Offsets | None) -> Expected:
    return _expected(travel_time_s(distance_m), distance_m, 0.0, offsets)


def on_the_way_s(left_m: float, whole_m: float, offsets: Offsets | None) -> float:
    """Seconds of what is left of a way from store to door: the rule, and as much of its error as is left of the way."""
    whole = at_pickup(whole_m, offsets)
    left_s = travel_time_s(left_m)
    share = min(left_s / whole.rule_s, 1.0) if whole.rule_s > 0.0 else 0.0
    return max(left_s + share * (whole.likely_s - whole.rule_s), 0.0)


def pressure(waiting: int, free: int) -> float:
    """Orders that wait for a driver, per driver who waits for an order."""
    return waiting / (free + 1)


def _expected(rule_s: float, distance_m: float, waiting_per_driver: float, offsets: Offsets | None) -> Expected:
    if offsets is None:
        half_s = PROMISE_WINDOW.total_seconds() / 2
        return Expected(rule_s, max(rule_s - half_s, 0.0), rule_s, rule_s + half_s)
    learnt = offsets[bisect_right(BANDS_M, distance_m)][bisect_right(PRESSURES, waiting_per_driver)]
    early_s, likely_s, late_s = (max(rule_s + offset_s, 0.0) for offset_s in learnt)
    return Expected(rule_s, early_s, likely_s, late_s)
