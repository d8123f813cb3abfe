"""plan: from a routing problem to routes."""

from __future__ import annotations

import math

import numpy as np

from shared.dispatch.engine.planner.budget import Budget
from shared.dispatch.engine.planner.routes import Routes
from shared.dispatch.engine.planner.routing import Routing
from shared.dispatch.engine.planner.search import QUICK, THOROUGH, THOROUGH_FROM_S, Search
from shared.dispatch.engine.planner.solution import Solution
from shared.dispatch.engine.planner.solver import Vroom
from shared.dispatch.engine.planner.tours import Stops

FIRST_SHARE, FLEET_SHARE = 0.1, 0.5
"""The shares of the budget after which the first plan and the search for fewer vehicles end."""


def plan(routing: Routing, seconds: float, seed: int, steps: float = math.inf) -> Routes:
    """Routes that serve as many requests as possible, then cost as little as possible: travel, and `vehicle_cost_s` for each
    vehicle used.

    The search ends after `seconds` or after `steps`, whichever is first; large problems on long routes overrun the seconds
    by their first plan. With infinite seconds equal arguments give equal routes.
    """
    stops, budget, random = Stops.of(routing), Budget(seconds, steps), np.random.default_rng(seed)
    solver = Vroom(stops)
    solution = Solution.of(stops, solver.from_nothing(seconds * FIRST_SHARE if math.isfinite(seconds) else None))
    if stops.requests > 1 and len(routing.vehicles):
        thorough = math.isfinite(seconds) and seconds >= THOROUGH_FROM_S * stops.requests
        search = Search(stops, solver, budget, random, THOROUGH if thorough else QUICK)
        if routing.vehicle_cost_s:
            solution = search.use_fewer(solution, FLEET_SHARE)
        solution = search.improve(solution, 1.0)
    return stops.routes(solution.tours)
