"""Routing problems for the planner's tests, small ones by hand and random ones by seed, and the oracle."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from shared.dispatch.engine.planner import ANYWHERE, Requests, Routes, Routing, Vehicles, check
from shared.dispatch.engine.planner.tours import Stops, Tour

NEVER_S = np.inf


def a_routing(
    travel_s: np.ndarray,
    pairs: list[tuple[int, int]],
    starts: list[int],
    *,
    ends: list[int] | None = None,
    close_s: float | list[float] = NEVER_S,
    off_s: float | list[float] = NEVER_S,
    capacity: int = 10,
    vehicle_cost_s: float = 0.0,
) -> Routing:
    """Requests of load 1 from place to place, ready now, due at `close_s`; stops take no time."""
    pickup, dropoff = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    count, vehicles = len(pickup), len(starts)
    now, never = np.zeros(count), np.full(count, NEVER_S)
    due = np.broadcast_to(np.array(close_s, dtype=float), count)
    requests = Requests(pickup, dropoff, now, never, now, due, now, now, np.ones(count, dtype=np.int64))
    off = np.broadcast_to(np.array(off_s, dtype=float), vehicles)
    end = np.array(ends if ends is not None else [ANYWHERE] * vehicles)
    fleet = Vehicles(np.array(starts), end, np.zeros(vehicles), off, np.full(vehicles, capacity))
    return Routing(requests, fleet, travel_s, vehicle_cost_s)


def on_a_line(*places: float) -> np.ndarray:
    """Travel times between points on a line, a second per unit."""
    at = np.array(places)
    return np.abs(at[:, None] - at)


def a_random_routing(seed: int, requests: int, vehicles: int, *, asymmetric: bool = False) -> Routing:
    """Windows, services, loads, shifts, both kinds of ends; some requests may be out of everybody's reach."""
    random = np.random.default_rng(seed)
    places = 2 * requests + vehicles
    points = random.uniform(0, 600, (places, 2))
    travel_s = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    if asymmetric:
        travel_s *= random.uniform(1.0, 1.6, travel_s.shape)
    row, start = np.arange(requests), np.arange(vehicles) + 2 * requests
    opens = random.uniform(0, 600, requests)
    return Routing(
        Requests(
            row,
            row + requests,
            opens,
            opens + random.uniform(300, 1_500, requests),
            opens,
            opens + random.uniform(600, 2_000, requests),
            random.uniform(0, 60, requests),
            random.uniform(0, 60, requests),
            random.integers(1, 3, requests),
        ),
        Vehicles(
            start,
            np.where(random.random(vehicles) < 0.5, start, ANYWHERE),
            random.uniform(0, 200, vehicles),
            random.uniform(1_500, 4_000, vehicles),
            random.integers(2, 5, vehicles),
        ),
        travel_s,
        vehicle_cost_s=float(random.choice([0.0, 300.0])),
    )


def cost(routing: Routing, routes: Routes) -> tuple[int, float]:
    """What the planner minimises: the unserved, then travel and vehicles."""
    return len(routes.unserved), routes.travel_s + routing.vehicle_cost_s * len(routes.routes)


def optimum(routing: Routing) -> tuple[int, float]:
    """The least cost of all feasible plans, each tried and verified; for two vehicles and three requests at most."""
    stops, requests, vehicles = Stops.of(routing), range(len(routing.requests)), range(len(routing.vehicles))
    best = (len(requests), 0.0)
    for owner in itertools.product((*vehicles, None), repeat=len(requests)):
        mine = [[request for request in requests if owner[request] == vehicle] for vehicle in vehicles]
        for tours in itertools.product(*(_orders(part, stops.requests) for part in mine)):
            routes = stops.routes({vehicle: tour for vehicle, tour in zip(vehicles, tours, strict=True) if tour})
            if cost(routing, routes) < best and not check(routing, routes):
                best = cost(routing, routes)
    return best


def _orders(requests: list[int], count: int) -> Iterator[Tour]:
    stops = [stop for request in requests for stop in (request, request + count)]
    for order in itertools.permutations(stops):
        if all(order.index(request) < order.index(request + count) for request in requests):
            yield order
