"""The verifier: whether routes keep every rule of their problem. It shares no code with the planner."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator

from shared.dispatch.engine.planner.routes import Route, Routes
from shared.dispatch.engine.planner.routing import ANYWHERE, Routing

TOLERANCE_S = 1e-6
"""Sums of seconds may differ by this much from one order of adding to another."""


def check(routing: Routing, routes: Routes) -> list[str]:
    """One sentence for each rule that is broken; an empty list when the routes can be driven.

    The rules: each vehicle has one route at most; each request is served once or is unserved; pickup before dropoff, by the
    same vehicle; never more on board than fits; windows, shifts and stated arrivals hold; the stated travel is the sum.
    """
    found = [f"vehicle {v} has {n} routes" for v, n in Counter(r.vehicle for r in routes.routes).items() if n > 1]
    found += _accounting(routing, routes)
    travel_s = 0.0
    for route in routes.routes:
        if not 0 <= route.vehicle < len(routing.vehicles):
            found.append(f"vehicle {route.vehicle} does not exist")
        elif all(0 <= visit.request < len(routing.requests) for visit in route.visits):
            found += [f"vehicle {route.vehicle}: {line}" for line in (*_order(routing, route), *_clock(routing, route))]
            travel_s += _travel_s(routing, route)
    if not found and not math.isclose(travel_s, routes.travel_s, abs_tol=TOLERANCE_S):
        found.append(f"the travel is {travel_s} s, not {routes.travel_s} s")
    return found


def _accounting(routing: Routing, routes: Routes) -> Iterator[str]:
    stops = Counter((visit.request, visit.pickup) for route in routes.routes for visit in route.visits)
    unserved = Counter(routes.unserved.tolist())
    for request in sorted(({request for request, _ in stops} | set(unserved)) - set(range(len(routing.requests)))):
        yield f"request {request} does not exist"
    for request in range(len(routing.requests)):
        seen = (stops[request, True], stops[request, False], unserved[request])
        if seen not in ((1, 1, 0), (0, 0, 1)):
            yield f"request {request} has {seen[0]} pickups, {seen[1]} dropoffs, and is {seen[2]} times unserved"


def _order(routing: Routing, route: Route) -> Iterator[str]:
    """Precedence and capacity."""
    if not route.visits:
        yield "the route is empty"
    aboard: set[int] = set()
    for visit in route.visits:
        if visit.pickup:
            aboard.add(visit.request)
        elif visit.request not in aboard:
            yield f"request {visit.request} is dropped off before it is picked up here"
        else:
            aboard.remove(visit.request)
        load = sum(int(routing.requests.load[request]) for request in aboard)
        if load > routing.vehicles.capacity[route.vehicle]:
            yield f"{load} units are on board after request {visit.request}, more than fit"
    for request in sorted(aboard):
        yield f"request {request} is never dropped off here"


def _clock(routing: Routing, route: Route) -> Iterator[str]:
    """Windows, the shift, and the stated arrivals."""
    requests, vehicles = routing.requests, routing.vehicles
    now_s, place = float(vehicles.available_s[route.vehicle]), int(vehicles.start[route.vehicle])
    for visit in route.visits:
        row = visit.request
        if visit.pickup:
            here, service_s = int(requests.pickup[row]), float(requests.pickup_service_s[row])
            opens_s, closes_s = float(requests.pickup_open_s[row]), float(requests.pickup_close_s[row])
        else:
            here, service_s = int(requests.dropoff[row]), float(requests.dropoff_service_s[row])
            opens_s, closes_s = float(requests.dropoff_open_s[row]), float(requests.dropoff_close_s[row])
        what = f"the {'pickup' if visit.pickup else 'dropoff'} of request {row}"
        arrival_s = now_s + float(routing.travel_s[place, here])
        if not math.isclose(arrival_s, visit.arrival_s, abs_tol=TOLERANCE_S):
            yield f"{what} is reached at {arrival_s} s, not at {visit.arrival_s} s"
        begin_s = max(arrival_s, opens_s)
        if begin_s > closes_s + TOLERANCE_S:
            yield f"{what} begins at {begin_s} s, after its window closed at {closes_s} s"
        now_s, place = begin_s + service_s, here
    end = int(vehicles.end[route.vehicle])
    now_s += 0.0 if end == ANYWHERE else float(routing.travel_s[place, end])
    if now_s > vehicles.off_s[route.vehicle] + TOLERANCE_S:
        yield f"the route is over at {now_s} s, after the shift's end at {vehicles.off_s[route.vehicle]} s"


def _travel_s(routing: Routing, route: Route) -> float:
    requests, end = routing.requests, int(routing.vehicles.end[route.vehicle])
    stops = [int(requests.pickup[v.request] if v.pickup else requests.dropoff[v.request]) for v in route.visits]
    places = [int(routing.vehicles.start[route.vehicle]), *stops, *([] if end == ANYWHERE else [end])]
    return sum(float(routing.travel_s[a, b]) for a, b in itertools.pairwise(places))
