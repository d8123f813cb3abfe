"""When an order is expected at the door: the product's present rule, and the place where a better one is put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.orders import eta


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
    """What a price promises and `progress` shows while nothing has been learnt."""

    def at_order(self, seen: Seen) -> float:
        pressure = eta.pressure(seen.waiting, seen.idle)
        return eta.at_order(seen.announced_s, seen.metres, pressure, None).likely_s

    def at_pickup(self, seen: Seen) -> float:
        return eta.at_pickup(seen.metres, None).likely_s
