"""Tours: a plan while it is being changed. A stop is a number, so that a tour is a sequence of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints, freeze
from shared.dispatch.engine.planner.routes import Route, Routes, Visit
from shared.dispatch.engine.planner.routing import ANYWHERE, Routing

Tour = tuple[int, ...]
"""What one vehicle visits: stop r is the pickup of request r, stop `requests + r` its dropoff."""

Tours = dict[int, Tour]
"""Tours by vehicle."""


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """The columns of a routing problem by stop, pickups first. All [2 requests]; a close may be infinite."""

    routing: Routing
    place: Ints
    open_s: Floats
    close_s: Floats
    service_s: Floats

    def __post_init__(self) -> None:
        freeze(self)

    @classmethod
    def of(cls, routing: Routing) -> Stops:
        requests = routing.requests
        return cls(
            routing,
            np.concatenate((requests.pickup, requests.dropoff)),
            np.concatenate((requests.pickup_open_s, requests.dropoff_open_s)),
            np.concatenate((requests.pickup_close_s, requests.dropoff_close_s)),
            np.concatenate((requests.pickup_service_s, requests.dropoff_service_s)),
        )

    @property
    def requests(self) -> int:
        return len(self.routing.requests)

    def travel_s(self, vehicle: int, tour: Tour) -> float:
        """Seconds on the way, from the vehicle's start to its end."""
        start, end = self.routing.vehicles.start[vehicle], self.routing.vehicles.end[vehicle]
        places = [start, *self.place[list(tour)], *([] if end == ANYWHERE else [end])]
        return float(self.routing.travel_s[places[:-1], places[1:]].sum())

    def routes(self, tours: Tours) -> Routes:
        """The answer that these tours are."""
        served = {stop for tour in tours.values() for stop in tour}
        return Routes(
            tuple(Route(vehicle, self._visits(vehicle, tour)) for vehicle, tour in sorted(tours.items())),
            np.array([request for request in range(self.requests) if request not in served], dtype=np.int64),
            sum(self.travel_s(vehicle, tour) for vehicle, tour in tours.items()),
        )

    def _visits(self, vehicle: int, tour: Tour) -> tuple[Visit, ...]:
        vehicles, visits = self.routing.vehicles, []
        place, now_s = int(vehicles.start[vehicle]), float(vehicles.available_s[vehicle])
        for stop in tour:
            now_s += float(self.routing.travel_s[place, self.place[stop]])
            visits.append(Visit(stop % self.requests, stop < self.requests, now_s))
            place, now_s = int(self.place[stop]), max(now_s, float(self.open_s[stop])) + float(self.service_s[stop])
        return tuple(visits)
