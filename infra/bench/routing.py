"""What each router takes for a table and a route, and how wrong great circles are against the road network.

`python -m infra.bench.routing` prints two tables. Routers are asked in turns, so that a busy machine slows them alike, and
the median of the turns counts. The network is that of the Portland extract (© OpenStreetMap contributors) where it is
present, else the generated city's.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from shared.routing.cached import CachedRouter, Keeping
from shared.routing.geo import PowerLaw
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter, distances_m
from shared.routing.law import fitted
from shared.routing.protocol import Floats, Router
from shared.routing.roads import RoadGraph
from shared.routing.roads.generated import generated_roads
from shared.routing.roads.osm import import_roads

EXTRACT = Path(__file__).parents[3] / "shared" / "data" / "osm" / "portland.osm.pbf"
TURNS = 11
ORIGINS, DESTINATIONS, NEIGHBOURS = 300, 60, 20
BANDS_M = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000)


def roads() -> RoadGraph:
    return fitted(import_roads(EXTRACT) if EXTRACT.is_file() else generated_roads())


def routers(graph: RoadGraph) -> dict[str, Router]:
    """Great circles; the graph by contraction and by Dijkstra; and a cache before the latter that has seen every pair."""
    contracted, searched = GraphRouter(Network(graph)), GraphRouter(Network(graph, contracted=False))
    law = graph.law(contracted.bucket)
    chosen: dict[str, Router] = {"haversine": HaversineRouter(law) if law else HaversineRouter(), "graph": contracted}
    return chosen | {
        "graph, scipy": searched,
        "graph, scipy, cached": CachedRouter(searched, graph.version, keeping=Keeping(near_m=0.0)),
    }


def places(graph: RoadGraph, count: int, seed: int) -> Floats:
    """Random points some thirty metres off the roads."""
    random = np.random.default_rng(seed)
    chosen = graph.shape[random.integers(0, len(graph.shape), count)]
    scattered: Floats = chosen + random.normal(0.0, 3e-4, chosen.shape)
    return scattered


def speed(graph: RoadGraph) -> None:
    """Median milliseconds of a table, of the cells dispatch asks for, and of a route; and ratios to the graph's."""
    origins, destinations = places(graph, ORIGINS, 1), places(graph, DESTINATIONS, 2)
    near = np.argsort(distances_m(destinations[:, None], origins), axis=1)[:, :NEIGHBOURS]
    origin, destination = near.ravel(), np.repeat(np.arange(DESTINATIONS), NEIGHBOURS)
    ends = [np.vstack((origins[turn], destinations[turn])) for turn in range(TURNS)]
    questions: dict[str, Callable[[Router, int], object]] = {
        f"{ORIGINS} × {DESTINATIONS}": lambda router, turn: router.times(origins, destinations),
        f"{len(origin)} cells": lambda router, turn: router.edge_times(origins, destinations, origin, destination),
        "route": lambda router, turn: router.route(ends[turn]),
    }
    asked = routers(graph)
    spent: dict[tuple[str, str], list[float]] = {(name, question): [] for name in asked for question in questions}
    for turn in range(-1, TURNS):
        for name, router in asked.items():
            for question, ask in questions.items():
                start = perf_counter()
                ask(router, max(turn, 0))
                if turn >= 0:
                    spent[name, question].append(1e3 * (perf_counter() - start))
    print(f"{'router':>22}", *(f"{question + ' ms':>16} {'ratio':>7}" for question in questions))
    for name in asked:
        figures = [(median(spent[name, one]), median(spent["graph", one])) for one in questions]
        print(f"{name:>22}", *(f"{took:>16.2f} {took / graphs:>7.2f}" for took, graphs in figures))


def error(graph: RoadGraph) -> None:
    """Great circles' mean relative error in the graph's times per band of distance: by law, fitted and not; by one speed."""
    origins, destinations = places(graph, ORIGINS, 3), places(graph, ORIGINS, 4)
    router = GraphRouter(Network(graph))
    seconds, metres = router.times(origins, destinations), distances_m(origins[:, None], destinations)
    usable = (seconds > 0) & (metres >= BANDS_M[0])
    pace = float(np.median(seconds[usable] / metres[usable]))
    guesses = {
        "fitted law": HaversineRouter(graph.law(router.bucket) or PowerLaw()).times(origins, destinations),
        "default law": HaversineRouter().times(origins, destinations),
        "one speed": pace * metres,
    }
    print(f"{'metres':>16} {'pairs':>7}", *(f"{name + ', %':>15} {'bias, %':>8}" for name in guesses))
    for low, high in zip(BANDS_M, (*BANDS_M[1:], np.inf), strict=True):
        band = usable & (metres >= low) & (metres < high)
        if not band.any():
            continue
        off = [100.0 * (guess[band] / seconds[band] - 1.0) for guess in guesses.values()]
        row = (f"{np.abs(each).mean():>15.1f} {each.mean():>8.1f}" for each in off)
        print(f"{f'{low} to {high}':>16} {np.count_nonzero(band):>7}", *row)


def main() -> None:
    graph = roads()
    print(f"{len(graph.lat)} nodes, {len(graph.tail)} arcs. {graph.attribution}")
    speed(graph)
    print("\nError of great circles against the graph, mean over pairs")
    error(graph)


if __name__ == "__main__":
    main()
