"""Routes for vehicles that fetch and bring, within time windows.

routes = plan(routing, seconds, seed)    # `planner.plan`; Routing: requests, vehicles, travel times; seconds from now
check(routing, routes)                   # the rules that are broken, by a verifier that shares nothing with the planner

`plan` alone loads the solver, which takes as long as all the rest of a tick: it is imported where routes are planned.
"""

from shared.dispatch.engine.planner.check import check
from shared.dispatch.engine.planner.routes import Route, Routes, Visit
from shared.dispatch.engine.planner.routing import ANYWHERE, Requests, Routing, Vehicles

__all__ = ["ANYWHERE", "Requests", "Route", "Routes", "Routing", "Vehicles", "Visit", "check"]
