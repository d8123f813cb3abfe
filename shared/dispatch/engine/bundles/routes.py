"""From waiting orders to bundles by way of the planner: clusters, what it is asked for each, what its answer is worth."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from shared.dispatch.engine.bundles.judge import alone, judge, latest_s
from shared.dispatch.engine.bundles.orders import Bundle, Bundling, Stop, Waiting
from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.planner import Requests, Routes, Routing, Vehicles

NEVER_S = 1e7
"""A window that does not close, seconds."""


def worthwhile(routes: Routes, waiting: Waiting, travel_s: Floats, bundling: Bundling) -> list[Bundle]:
    """The bundles worth making in what was planned for `routing`; no order is in two."""
    ways = [[Stop(visit.request, visit.pickup) for visit in route.visits] for route in routes.routes]
    found = [_best_part(stretch, waiting, travel_s, bundling) for way in ways for stretch in _stretches(way)]
    return [bundle for bundle in found if bundle is not None]


def clusters(stores: Floats, rows: Ints, limit: int) -> list[Ints]:
    """Groups of at most `limit` rows whose stores, float64[n, 2] in degrees, are near each other: halved across the longer
    side, again and again."""
    if len(rows) <= limit:
        return [rows]
    points = stores[rows] * (1.0, np.cos(np.radians(stores[rows, 0].mean())))
    across = int(np.argmax(np.ptp(points, axis=0)))
    ranked = rows[np.argsort(points[:, across], kind="stable")]
    half = len(ranked) // 2
    return clusters(stores, ranked[:half], limit) + clusters(stores, ranked[half:], limit)


def routing(waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Routing:
    """What the planner is asked for one cluster. Nobody knows yet who will drive: as many vehicles as orders start from a
    point that is as far from each store as the driver who is expected there."""
    count, depot = len(waiting), len(travel_s)
    matrix = np.zeros((depot + 1, depot + 1))
    matrix[:depot, :depot] = travel_s
    matrix[depot, :depot] = waiting.approach_s.max(initial=0.0)
    matrix[depot, waiting.pickup] = waiting.approach_s
    close_s = np.clip(latest_s(waiting, alone(waiting, travel_s, bundling), bundling), 0.0, NEVER_S)
    return Routing(
        Requests(
            pickup=waiting.pickup, dropoff=waiting.dropoff,
            pickup_open_s=np.maximum(waiting.ready_s, 0.0), pickup_close_s=np.full(count, NEVER_S),
            dropoff_open_s=np.zeros(count), dropoff_close_s=close_s,
            pickup_service_s=np.full(count, bundling.pickup_s), dropoff_service_s=np.full(count, bundling.dropoff_s),
            load=np.ones(count, dtype=np.int64),
        ),
        Vehicles(
            start=np.full(count, depot), end=np.full(count, -1), available_s=np.zeros(count), off_s=np.full(count, NEVER_S),
            capacity=np.full(count, bundling.orders),
        ),
        matrix,
    )  # fmt: skip


def _stretches(stops: Iterable[Stop]) -> list[tuple[Stop, ...]]:
    """The parts of a route between two moments at which the vehicle is empty, where they serve several orders."""
    stretches, stretch, load = [], [], 0
    for stop in stops:
        stretch.append(stop)
        load += 1 if stop.pickup else -1
        if load == 0:
            stretches.append(tuple(stretch))
            stretch = []
    return [stretch for stretch in stretches if len(stretch) > 2]


def _best_part(stops: tuple[Stop, ...], waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Bundle | None:
    """A stretch as a bundle, or the best one without an order that spoils it, as long as there are two."""
    whole = judge(stops, waiting, travel_s, bundling)
    if whole is not None:
        return whole
    orders = [stop.order for stop in stops if stop.pickup]
    shorter = ([stop for stop in stops if stop.order != dropped] for dropped in orders)
    parts = (_best_part(stretch, waiting, travel_s, bundling) for part in shorter for stretch in _stretches(part))
    return max((part for part in parts if part), key=lambda part: part.worth_s(bundling), default=None)
