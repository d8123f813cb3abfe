"""The city's own power law of travel, for the router of last resort and for fees, from its road network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shared.routing.geo import PowerLaw
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import distances_m, fit
from shared.routing.protocol import Floats
from shared.routing.roads.network import Progress, RoadGraph, silent
from shared.routing.roads.speeds import BUCKETS

PLACES = 120
"""Origins, and destinations, whose table is sampled."""

BANDS_M = np.geomspace(200.0, 25_600.0, 15)
PER_BAND = 200
"""Pairs of each band of distance, so that short ways, which dispatch asks for most, count as much as long ones."""


def sample_pairs(router: GraphRouter, seed: int = 1, places: int = PLACES) -> tuple[Floats, Floats]:
    """float64[k] crow-fly metres and float64[k] seconds between random nodes, up to PER_BAND of each band."""
    random = np.random.default_rng(seed)
    graph = router.network.graph
    chosen = random.integers(0, len(graph.lat), 2 * places)
    points = np.column_stack((graph.lat[chosen], graph.lng[chosen]))
    origins = points[:places]
    spread = BANDS_M[random.integers(0, len(BANDS_M), places)] / 111_195.0
    nearby = _nearest_nodes(router, origins + random.normal(0.0, 1.0, origins.shape) * spread[:, None])
    destinations = np.vstack((nearby, points[places:]))
    metres = distances_m(origins[:, None, :], destinations[None, :, :]).ravel()
    seconds = router.times(origins, destinations).ravel()
    band = np.digitize(metres, BANDS_M)
    usable = (band > 0) & (band < len(BANDS_M)) & (seconds > 0)
    rows = [
        random.permutation(np.flatnonzero(usable & (band == number)))[:PER_BAND] for number in range(1, len(BANDS_M))
    ]
    picked = np.concatenate(rows)
    return metres[picked], seconds[picked]


def _nearest_nodes(router: GraphRouter, points: Floats) -> Floats:
    """Places on the network near to points float64[n, 2]."""
    graph = router.network.graph
    road = router.network.snapper.snap(points).road
    places: Floats = graph.shape[graph.first[road]]
    return places


def fit_city(router: GraphRouter, seed: int = 1) -> PowerLaw:
    """The law of the router's bucket. Raises ValueError for a network too small to have different distances."""
    return fit(*sample_pairs(router, seed))


def fitted(graph: RoadGraph, progress: Progress = silent, seed: int = 1) -> RoadGraph:
    """The same network with a law of travel for each bucket; as it is when it is too small for one."""
    network = Network(graph)
    laws = []
    for bucket in range(len(BUCKETS)):
        progress("Fitting travel times", bucket, len(BUCKETS))
        try:
            law = fit_city(GraphRouter(network, bucket), seed)
        except ValueError:
            return graph
        laws.append((law.a, law.b))
    progress("Fitting travel times", len(BUCKETS), len(BUCKETS))
    return replace(graph, laws=np.array(laws))
