"""Routes for vehicles that fetch and bring, within time windows.

routes = plan(routing, seconds, seed)    # Routing: requests, vehicles, travel times; seconds from now
check(routing, routes)                   # the rules that are broken, by a verifier that shares nothing with the planner
"""

from shared.dispatch.engine.planner.check import check
from shared.dispatch.engine.planner.plan import plan
from shared.dispatch.engine.planner.routes import Route, Routes, Visit
from shared.dispatch.engine.planner.routing import ANYWHERE, Requests, Routing, Vehicles

__all__ = ["ANYWHERE", "Requests", "Route", "Routes", "Routing", "Vehicles", "Visit", "check", "plan"]
