"""Outlook: everything a rolling decision may know, as arrays. Seconds count from the moment of the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.dispatch.engine.columns import Floats, Ints

Travel = Callable[[Ints, Ints], Floats]
"""Seconds from origins to destinations, both rows of one table of points, broadcast against each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Open orders, [orders]. `store` and `door` are points; `ready_s` and `promised_s` may lie in the past."""

    store: Ints
    door: Ints
    ready_s: Floats
    promised_s: Floats

    def __len__(self) -> int:
        return len(self.store)


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Drivers who are or will be on, [drivers].

    point        where each is free next
    available_s  seconds until then; 0 when idle, the start of the shift when still off
    off_s        seconds until the end of the shift, after which nothing is picked up
    shortfall    orders each still needs for the pay that is guaranteed anyway; below 0 when earning more
    """

    point: Ints
    available_s: Floats
    off_s: Floats
    shortfall: Floats

    def __len__(self) -> int:
        return len(self.point)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Where orders have come from so far: `orders` float64[stores] at the points `store`."""

    store: Ints
    orders: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The input of `decide`.

    pickup_s, dropoff_s  time spent at a store and at a door; half of it lies before the goods change hands
    next_s               seconds until the next decision
    pressure             late orders per driver in the plans so far, as the last plan gave it; 0 at first
    """

    orders: Orders
    fleet: Fleet
    demand: Demand
    travel: Travel
    pickup_s: float
    dropoff_s: float
    next_s: float = 60.0
    pressure: float = 0.0
