"""The figures of a city, counted while it is played: its size does not grow with the orders, and tallies add up."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from itertools import pairwise

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.rules import MAX_ATTEMPTS
from shared.simulation.city.demand import DAY_S
from shared.simulation.city.orders import End, Order
from shared.simulation.city.records import Answer, Ignore, Offer

QUARTERS = 96
QUARTER_S = DAY_S / QUARTERS
FINE_S = 10.0
LONGEST_S = 3 * 3_600.0
ERROR_S, FURTHEST_S = 30.0, 1_800.0
CLOSE_S = 180.0
"""An ETA is good when it is no further off than this."""


def _bins(number: int) -> Ints:
    return np.zeros(number, dtype=np.int64)


@dataclass(slots=True, eq=False)
class Tally(Ignore):
    """Sums are in seconds and minor units. Histograms:

    ctd, floor       int64[1080] of FINE_S, the last one open; floor is with a driver standing ready in the store
    eta_order, eta_pickup   int64[120] of ERROR_S around 0, both ends open; positive is late
    busy, online     float64[96] seconds in each quarter of an hour of the day
    calibration      float64[10, 3] by tenths of the engine's p_accept: offers, sum of p_accept, accepted
    tries            int64[MAX_ATTEMPTS + 1] delivered orders by their offers, the last one open
    """

    orders: int = 0
    delivered: int = 0
    returned: int = 0
    cancelled: int = 0
    age_check_failed: int = 0
    offers: int = 0
    accepted: int = 0
    rejected: int = 0
    expired: int = 0
    revoked: int = 0
    operator_told: int = 0
    late: int = 0
    late_s: float = 0.0
    ctd_s: float = 0.0
    floor_s: float = 0.0
    wait_s: float = 0.0
    approach_s: float = 0.0
    paid_minor: int = 0
    close_at_order: int = 0
    close_at_pickup: int = 0
    ctd: Ints = field(default_factory=lambda: _bins(round(LONGEST_S / FINE_S)))
    floor: Ints = field(default_factory=lambda: _bins(round(LONGEST_S / FINE_S)))
    eta_order: Ints = field(default_factory=lambda: _bins(round(2 * FURTHEST_S / ERROR_S)))
    eta_pickup: Ints = field(default_factory=lambda: _bins(round(2 * FURTHEST_S / ERROR_S)))
    busy: Floats = field(default_factory=lambda: np.zeros(QUARTERS))
    online: Floats = field(default_factory=lambda: np.zeros(QUARTERS))
    calibration: Floats = field(default_factory=lambda: np.zeros((10, 3)))
    tries: Ints = field(default_factory=lambda: _bins(MAX_ATTEMPTS + 1))

    def __add__(self, other: Tally) -> Tally:
        """Of two regions, or runs, together."""
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def order(self, order: Order) -> None:
        self.orders += 1
        self.operator_told += order.attempts >= MAX_ATTEMPTS
        if order.end is End.DELIVERED:
            self._delivered(order)
        elif order.end is End.RETURNED:
            self.returned += 1
            self.paid_minor += order.payout_minor
        elif order.end is End.CANCELLED:
            self.cancelled += 1
        else:
            self.age_check_failed += 1

    def _delivered(self, order: Order) -> None:
        ctd_s = order.ended - order.placed
        floor_s = order.ready - order.placed + order.pickup_s + order.ended - order.picked
        late_s = max(order.at_door - order.promised, 0.0)
        off_at_order, off_at_pickup = order.at_door - order.eta, order.at_door - order.eta_at_pickup
        self.delivered += 1
        self.ctd_s += ctd_s
        self.floor_s += floor_s
        self.late += late_s > 0
        self.late_s += late_s
        self.wait_s += order.assigned - order.opens
        self.approach_s += order.at_store - order.assigned
        self.paid_minor += order.payout_minor
        self.close_at_order += abs(off_at_order) <= CLOSE_S
        self.close_at_pickup += abs(off_at_pickup) <= CLOSE_S
        self.ctd[_bin(ctd_s, FINE_S, len(self.ctd))] += 1
        self.floor[_bin(floor_s, FINE_S, len(self.floor))] += 1
        self.eta_order[_bin(off_at_order + FURTHEST_S, ERROR_S, len(self.eta_order))] += 1
        self.eta_pickup[_bin(off_at_pickup + FURTHEST_S, ERROR_S, len(self.eta_pickup))] += 1
        self.tries[min(order.offers, MAX_ATTEMPTS)] += 1

    def offer(self, offer: Offer) -> None:
        answer = offer.answer
        self.offers += 1
        self.accepted += answer is Answer.ACCEPTED
        self.rejected += answer is Answer.REJECTED
        self.expired += answer is Answer.EXPIRED
        self.revoked += answer is Answer.REVOKED
        if answer is not Answer.REVOKED:
            self.calibration[min(int(offer.believed * 10), 9)] += (1.0, offer.believed, answer is Answer.ACCEPTED)

    def work(self, began: float, ended: float) -> None:
        _spread(self.busy, began, ended)

    def shift(self, driver: int, began: float, ended: float) -> None:
        _spread(self.online, began, ended)


def _bin(value: float, width: float, bins: int) -> int:
    return max(0, min(int(value // width), bins - 1))


def _spread(seconds: Floats, began: float, ended: float) -> None:
    """Add the interval to the quarters of the day that it covers."""
    first = int(began / QUARTER_S) + 1
    edges = [began, *(n * QUARTER_S for n in range(first, int(ended / QUARTER_S) + 1) if n * QUARTER_S < ended), ended]
    for start, end in pairwise(edges):
        seconds[int(start / QUARTER_S) % QUARTERS] += end - start


def percentile(histogram: Ints, width: float, share: float) -> float:
    """The value below which a share of the counts lies, to a bin's width; 0 without counts."""
    total = int(histogram.sum())
    if not total:
        return 0.0
    below = np.cumsum(histogram)
    at = int(np.searchsorted(below, share * total))
    before = int(below[at - 1]) if at else 0
    return width * (at + (share * total - before) / max(int(histogram[at]), 1))
