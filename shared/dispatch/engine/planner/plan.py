"""plan: from a routing problem to routes."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from shared.dispatch.engine.planner.budget import Budget
from shared.dispatch.engine.planner.routes import Routes
from shared.dispatch.engine.planner.routing import Requests, Routing, Vehicles
from shared.dispatch.engine.planner.search import Search
from shared.dispatch.engine.planner.tours import Stops

SERVE_SHARE, FLEET_SHARE = 0.3, 0.4
"""The shares of the budget after which the search for who else can be served and for fewer vehicles end."""


def plan(routing: Routing, seconds: float, seed: int, steps: float = math.inf) -> Routes:
    """Routes that serve as many requests as possible, then cost as little as possible: travel, and `vehicle_cost_s` for each
    vehicle used.

    The search ends after `seconds` or after `steps`, whichever is first; the seconds begin when the machine code is loaded.
    With infinite seconds equal arguments give equal routes.
    """
    load()
    return _plan(routing, Budget(seconds, steps), seed)


@cache
def load() -> None:
    """Load the machine code, half a second once per process; where it was never compiled that takes some seconds more.

    That is done by planning something that takes all stages: a request for each of two vehicles, and one for nobody.
    """
    place, zero, late, one = np.array([0, 1, 1]), np.zeros(3), np.array([1.0, 1.0, -1.0]), np.ones(3, dtype=np.int64)
    requests = Requests(place, place, zero, late, zero, late, zero, zero, one)
    vehicles = Vehicles(place[:2], place[:2], zero[:2], np.full(2, 10.0), one[:2])
    apart_s = np.array([[0.0, 50.0], [50.0, 0.0]])
    _plan(Routing(requests, vehicles, apart_s, vehicle_cost_s=1.0), Budget(steps=64), 1)


def _plan(routing: Routing, budget: Budget, seed: int) -> Routes:
    stops = Stops.of(routing)
    if not (stops.requests and len(routing.vehicles)):
        return stops.routes({})
    search = Search(stops, budget, seed)
    search.serve_more(SERVE_SHARE)
    if routing.vehicle_cost_s:
        search.use_fewer(FLEET_SHARE)
    search.improve()
    return stops.routes(search.tours())
