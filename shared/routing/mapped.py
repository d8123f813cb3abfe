"""The routers that drive on a map: the region's own network first, or OSRM before it, and great circles behind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from shared.routing.cached import CachedRouter
from shared.routing.fallback import FallbackRouter
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter
from shared.routing.law import fitted
from shared.routing.osrm import OsrmRouter
from shared.routing.protocol import Router, RouterAt
from shared.routing.roads import RoadGraph, load_roads, save_roads
from shared.routing.roads.generated import generated_roads
from shared.routing.roads.speeds import BUCKETS, bucket_at


def open_maps(roads: Path, osrm_url: str, osrm_version: str) -> RouterAt:
    """The chain for a local time of day. Raises UnreadableRoads.

    The network is opened once, and each part of the day prepared when it is first asked for. Great circles take the law of
    travel that was fitted on the network.
    """
    network = Network(roads_of(roads))

    @cache
    def of_bucket(bucket: int) -> FallbackRouter:
        law = network.graph.law(bucket)
        straight = HaversineRouter(law) if law else HaversineRouter()
        chain: list[Router] = [GraphRouter(network, bucket), straight]
        if osrm_url:
            osrm = OsrmRouter(osrm_url, straight=straight)
            chain.insert(0, CachedRouter(osrm, osrm_version, lambda: BUCKETS[bucket]))
        return FallbackRouter(chain)

    return lambda local: of_bucket(bucket_at(local))


def roads_of(file: Path) -> RoadGraph:
    """The network of the file; where there is none yet, a generated one, which is kept in it.

    Raises UnreadableRoads for a file that is there and damaged.
    """
    if file.is_file():
        return load_roads(file)
    graph = fitted(generated_roads())
    save_roads(graph, file)
    return graph
