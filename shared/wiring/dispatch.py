"""What a tick decides with: the region's parameters and the router that settings name."""

from functools import cache

from shared.dispatch.engine import Parameters, TravelTimes
from shared.routing.haversine import HaversineRouter

ROUTER = "haversine"


@cache
def parameters() -> Parameters:
    return Parameters()


@cache
def travel_times() -> TravelTimes:
    return HaversineRouter()
