"""Routes: what a planner answers."""

from __future__ import annotations

from dataclasses import dataclass

from shared.dispatch.engine.columns import Ints, freeze


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop of a route: the pickup or the dropoff of a request (row), and when the vehicle comes there (it may have to
    wait for the window to open)."""

    request: int
    pickup: bool
    arrival_s: float


@dataclass(frozen=True, slots=True)
class Route:
    """What one vehicle (row) does, in sequence; never empty."""

    vehicle: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """A plan. `unserved`: rows of the requests on no route, ascending. `travel_s`: seconds on the way, summed over routes,
    the ways to the vehicles' ends with them and waiting and service without."""

    routes: tuple[Route, ...]
    unserved: Ints
    travel_s: float

    def __post_init__(self) -> None:
        freeze(self)
