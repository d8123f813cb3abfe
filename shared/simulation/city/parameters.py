"""What a made-up city is like, and all that is left to chance in it: frozen, with units."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, radians
from typing import TypeVar

import numpy as np

from shared.dispatch.engine.acceptance import Acceptance
from shared.dispatch.engine.columns import Floats
from shared.kernel.positions import EARTH_RADIUS_M, Position

Number = TypeVar("Number", float, Floats)

HOURLY = (2, 1, 1, 1, 1, 2, 6, 12, 18, 22, 32, 62, 78, 58, 38, 36, 48, 74, 92, 84, 62, 40, 20, 8)
"""Orders of each hour of the day, in parts of their sum: a peak at noon and a higher one in the evening."""

TRUTH = Acceptance(
    version="truth-1", intercept=1.0, history=0.5, approach=-0.10, idle=-0.05, pay=0.8, night=-0.5, attempts=-0.1
)
"""How drivers of a made-up city decide. The engine does not know it; a learner should find it."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Every chance of a city. `*_sigma` are standard deviations of a logarithm, `*_share` probabilities, and a value that
    has a sigma is a median.

    restricted_share      orders with age-restricted goods
    age_failure_share     restricted orders whose age check fails at checkout: they are never dispatched
    refusal_share         restricted orders that may not be handed over at the door: they go back to the store
    checkout_s            from placing an order to the merchant's acceptance, seconds
    store_prep_s          a store's own preparation time, seconds; stores differ by store_prep_sigma
    prep_sigma            one order's preparation time around its store's
    prep_rush             by how much longer preparation takes in the busiest hour, as a share
    announced_step_s      stores announce their own preparation time rounded up to this, seconds
    travel_sigma          one way's time around what is expected at that hour
    congestion            by how much longer ways take at 08:00 and 17:30, as a share
    pickup_s              in the store once driver and goods are there, seconds
    doorstep_s            at the door until the goods are handed over or refused, seconds
    counter_s             back in the store until the merchant has confirmed a return, seconds
    answer_s              until a driver answers an offer, seconds; never beyond the offer's life
    silence_share         refused offers that simply run out
    no_show_share         shifts whose driver does not come
    shift_h               shortest and longest shift, hours, evenly between
    patience_s            from placing an order until the customer calls it off if it has not been picked up, seconds
    acceptance            the true probability that an offer is taken, over the engine's features
    """

    restricted_share: float = 0.8
    age_failure_share: float = 0.03
    refusal_share: float = 0.03
    checkout_s: float = 90.0
    checkout_sigma: float = 0.5
    store_prep_s: float = 600.0
    store_prep_sigma: float = 0.35
    prep_sigma: float = 0.25
    prep_rush: float = 0.15
    announced_step_s: float = 300.0
    travel_sigma: float = 0.15
    congestion: float = 0.25
    pickup_s: float = 120.0
    pickup_sigma: float = 0.3
    doorstep_s: float = 90.0
    doorstep_sigma: float = 0.4
    counter_s: float = 60.0
    answer_s: float = 8.0
    answer_sigma: float = 0.6
    silence_share: float = 0.4
    no_show_share: float = 0.05
    shift_h: tuple[float, float] = (3.0, 6.0)
    patience_s: float = 3_600.0
    patience_sigma: float = 0.3
    acceptance: Acceptance = field(default_factory=lambda: TRUTH)


@dataclass(frozen=True, slots=True)
class City:
    """Where it is and how large.

    orders            placed a day, in all regions together
    drivers           on at the busiest hour if everybody came, in all regions together
    regions           each is dispatched for itself
    orders_per_store  a day
    stores_per_km2    decides how far the stores of a region lie apart
    hot_spots         of each region, around which stores and drivers gather
    popularity        exponent of Zipf's law between the stores of a region; 0 makes them equal
    door_m            median way from store to door, crow-fly metres, with door_sigma
    radius_m          the furthest door that a store serves, crow-fly metres
    """

    name: str
    centre: Position
    orders: int
    drivers: int
    regions: int = 1
    orders_per_store: float = 25.0
    stores_per_km2: float = 1.5
    hot_spots: int = 4
    popularity: float = 0.6
    door_m: float = 1_800.0
    door_sigma: float = 0.5
    radius_m: float = 6_000.0
    noise: Noise = field(default_factory=Noise)

    def __post_init__(self) -> None:
        if min(self.orders, self.drivers) < self.regions or self.regions < 1:
            raise ValueError("a city needs at least one region, and for each an order and a driver")

    def degrees(self, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
        """(lat, lng) of metres from the centre (equirectangular)."""
        lat = self.centre.lat + np.degrees(north_m / EARTH_RADIUS_M)
        lng = self.centre.lng + np.degrees(east_m / (EARTH_RADIUS_M * cos(radians(self.centre.lat))))
        return lat, lng

    def metres(self, lat: Number, lng: Number) -> tuple[Number, Number]:
        """(east, north) of the centre; the inverse of `degrees`."""
        per_degree = radians(1.0) * EARTH_RADIUS_M
        return (lng - self.centre.lng) * (per_degree * cos(radians(self.centre.lat))), (
            lat - self.centre.lat
        ) * per_degree

    def of_region(self, total: int, region: int) -> int:
        """A region's part of a whole number that is shared evenly."""
        return total // self.regions + (region < total % self.regions)


DALLAS = Position(32.7767, -96.7970)

cities: dict[str, City] = {
    city.name: city
    for city in (
        City("small", DALLAS, orders=400, drivers=18),
        City("medium", DALLAS, orders=5_000, drivers=170),
        City("large", DALLAS, orders=50_000, drivers=1_550, regions=2),
        City("dallas", DALLAS, orders=20_000, drivers=640),
        City("austin", Position(30.2672, -97.7431), orders=12_000, drivers=390),
        City("houston", Position(29.7604, -95.3698), orders=30_000, drivers=950, regions=2),
    )
}
"""Sizes, and three cities of Texas by name. Their orders are made up like those of the others."""
