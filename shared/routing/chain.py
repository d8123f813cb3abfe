"""The routers that settings name, one behind the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.routing.fallback import FallbackRouter
from shared.routing.haversine import HaversineRouter
from shared.routing.protocol import RouterAt


@dataclass(frozen=True, slots=True)
class RouterSettings:
    """`first`: osrm, graph or haversine; the chain goes on from it in that order. `osrm_url`: empty for no OSRM.
    `osrm_version`: of the map it serves, part of the cache's keys. `roads`: the file of the road network."""

    first: str = "graph"
    osrm_url: str = ""
    osrm_version: str = ""
    roads: Path = Path(".cloudrun/roads.npz")

    def __post_init__(self) -> None:
        if self.first not in ("osrm", "graph", "haversine"):
            raise ValueError(f"there is no router {self.first!r}; choose osrm, graph or haversine")
        if self.first == "osrm" and not self.osrm_url:
            raise ValueError("the router osrm needs the address of its server")


def open_chains(settings: RouterSettings) -> RouterAt:
    """The chain for a local time of day, from the router that comes first down to great circles. Raises UnreadableRoads."""
    if settings.first == "haversine":
        anytime = FallbackRouter([HaversineRouter()])
        return lambda local: anytime
    from shared.routing.mapped import open_maps  # what reads maps loads slowly, and great circles need none

    return open_maps(settings.roads, settings.osrm_url if settings.first == "osrm" else "", settings.osrm_version)
