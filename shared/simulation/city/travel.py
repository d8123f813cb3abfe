"""How long ways take in a city: the product's power law, slower in the rush hours."""

from __future__ import annotations

from math import exp

from shared.routing.geo import CITY, PowerLaw, travel_time_s
from shared.routing.haversine import HaversineRouter

MORNING_H, EVENING_H, RUSH_H = 8.0, 17.5, 1.5
"""The middles of the two rushes, and how wide they are (standard deviation), hours."""


def slowdown(congestion: float, hour: float) -> float:
    """The factor on every way's time at an hour of the day; 1 + congestion in the middle of a rush."""
    return 1.0 + congestion * sum(exp(-0.5 * ((hour - middle) / RUSH_H) ** 2) for middle in (MORNING_H, EVENING_H))


def router(congestion: float, hour: float) -> HaversineRouter:
    """What the engine asks: it knows the hour's traffic, as a router with speeds by the hour does, and no more."""
    return HaversineRouter(PowerLaw(CITY.a * slowdown(congestion, hour), CITY.b))


def way_s(metres: float, congestion: float, hour: float) -> float:
    """Expected seconds for crow-fly metres."""
    return travel_time_s(metres) * slowdown(congestion, hour)
