"""When an order is expected at the door: the product's present rule, and the place where a better one is put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.orders.pricing import DISPATCH_ALLOWANCE_S
from shared.routing.geo import travel_time_s


@dataclass(frozen=True, slots=True)
class Seen:
    """What the product knows when it says a time; nothing of the truth.

    hour          local hour of the day, fractions count
    announced_s   the store's own estimate of the preparation
    metres        crow-fly from store to door
    waiting       orders that wait for a driver in the region
    idle          drivers who wait for an order in the region
    """

    store: int
    hour: float
    announced_s: float
    metres: float
    waiting: int
    idle: int


class Predictor(Protocol):
    """Seconds from now until the driver stands at the door."""

    def at_order(self, seen: Seen) -> float:
        """When the order is placed."""
        ...

    def at_pickup(self, seen: Seen) -> float:
        """When the driver leaves the store."""
        ...


class ProductRule:
    """What `price_cart` promises and `progress` shows."""

    def at_order(self, seen: Seen) -> float:
        return seen.announced_s + DISPATCH_ALLOWANCE_S + travel_time_s(seen.metres)

    def at_pickup(self, seen: Seen) -> float:
        return travel_time_s(seen.metres)
