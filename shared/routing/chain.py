"""The routers that settings name, one behind the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.routing.cached import CachedRouter
from shared.routing.fallback import FallbackRouter
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter
from shared.routing.law import fitted
from shared.routing.osrm import OsrmRouter
from shared.routing.protocol import Router, RouterAt
from shared.routing.roads import RoadGraph, generated_roads, load_roads, save_roads
from shared.routing.roads.speeds import BUCKETS, bucket_at


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


def roads_of(file: Path) -> RoadGraph:
    """The network of the file; where there is none yet, a generated one, which is kept in it.

    Raises UnreadableRoads for a file that is there and damaged.
    """
    if file.is_file():
        return load_roads(file)
    graph = fitted(generated_roads())
    save_roads(graph, file)
    return graph


def open_chains(settings: RouterSettings) -> RouterAt:
    """The chain for a local time of day, from the router that comes first down to great circles. Raises UnreadableRoads.

    The network is opened once, and each part of the day prepared when it is first asked for. Great circles take the law of
    travel that was fitted on the network, where one is opened.
    """
    if settings.first == "haversine":
        anytime = FallbackRouter([HaversineRouter()])
        return lambda local: anytime
    network = Network(roads_of(settings.roads))
    of_bucket = cache(lambda bucket: _chain(settings, network, bucket))
    return lambda local: of_bucket(bucket_at(local))


def _chain(settings: RouterSettings, network: Network, bucket: int) -> FallbackRouter:
    law = network.graph.law(bucket)
    straight = HaversineRouter(law) if law else HaversineRouter()
    chain: list[Router] = [GraphRouter(network, bucket), straight]
    if settings.first == "osrm":
        osrm = OsrmRouter(settings.osrm_url, straight=straight)
        chain.insert(0, CachedRouter(osrm, settings.osrm_version, lambda: BUCKETS[bucket]))
    return FallbackRouter(chain)
