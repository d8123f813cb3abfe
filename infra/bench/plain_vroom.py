"""What the planner is measured beside: plain VROOM (Coupey, Nicod and Varnier, vroom-project.org), C++ heuristics and local
search, with its default exploration.

Some calls are to the names that pyvroom keeps for itself: its public wrappers copy each shipment and build a data frame of each
answer, which costs more than solving a small problem.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom
from vroom import _vroom

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.planner import ANYWHERE, Routes, Routing
from shared.dispatch.engine.planner.routing import LONGEST_S
from shared.dispatch.engine.planner.tours import Stops, Tours

UNITS = 1_000
"""VROOM counts in whole numbers, here of milliseconds, rounded so that what it finds feasible is."""

LATEST = 2**32 - 1
"""The last moment VROOM knows, after 49 days: windows that close later close then."""

EXPLORATION = 5
"""How many beginnings VROOM tries, and how deep it searches each; its own default."""


def vroom_routes(routing: Routing, seconds: float) -> Routes:
    stops = Stops.of(routing)
    return stops.routes(Vroom(stops).tours(seconds))


class Vroom:
    """A problem in VROOM's terms."""

    def __init__(self, stops: Stops) -> None:
        vehicles = stops.routing.vehicles
        self._stops = stops
        self._begin_s = float(vehicles.available_s.min(initial=LONGEST_S))
        self._travel = np.ceil(stops.routing.travel_s * UNITS - 1e-6).astype(np.uint32)
        self._open, self._close = self._opening(stops.open_s), self._closing(stops.close_s)
        self._available, self._off = self._opening(vehicles.available_s), self._closing(vehicles.off_s)
        self._service = np.ceil(stops.service_s * UNITS).astype(np.int64)
        self._costs = vroom.VehicleCosts(fixed=round(stops.routing.vehicle_cost_s * UNITS))
        keeps = (self._open <= self._close).reshape(2, -1).all(axis=0)
        self._shipments = [self._shipment(request) for request in np.flatnonzero(keeps).tolist()]

    def tours(self, seconds: float) -> Tours:
        """Tours for everything. The time limit ends the local search but not the first heuristics, which for 100 requests on
        long tours take half a second."""
        vehicles = [v for v in range(len(self._stops.routing.vehicles)) if self._available[v] <= self._off[v]]
        if not (self._shipments and vehicles):
            return {}  # which VROOM refuses
        problem = vroom.Input()
        problem.set_durations_matrix("car", self._travel)
        problem.add_vehicle([self._vehicle(vehicle) for vehicle in vehicles])
        for pickup, dropoff in self._shipments:
            problem._add_shipment(pickup, dropoff)
        limit = timedelta(seconds=seconds)
        return self._tours(problem._solve(exploration_level=EXPLORATION, nb_threads=1, timeout=limit))

    def _opening(self, moment_s: Floats) -> Ints:
        units: Ints = np.ceil(np.maximum(moment_s - self._begin_s, 0.0) * UNITS).astype(np.int64)
        return units

    def _closing(self, moment_s: Floats) -> Ints:
        units: Ints = np.floor(np.clip((moment_s - self._begin_s) * UNITS + 1e-6, -1, LATEST)).astype(np.int64)
        return units

    def _shipment(self, request: int) -> tuple[_vroom.Job, _vroom.Job]:
        pickup = self._job(request, request, vroom.JOB_TYPE.PICKUP)
        return pickup, self._job(request, request + self._stops.requests, vroom.JOB_TYPE.DELIVERY)

    def _job(self, request: int, stop: int, kind: vroom.JOB_TYPE) -> _vroom.Job:
        return _vroom.Job(
            id=request,
            type=kind,
            location=vroom.Location(int(self._stops.place[stop])),
            default_setup=0,
            default_service=int(self._service[stop]),
            amount=vroom.Amount([int(self._stops.routing.requests.load[request])]),
            skills=set(),
            priority=0,
            tws=[vroom.TimeWindow((int(self._open[stop]), int(self._close[stop])))],
            description="",
            setup_per_type={},
            service_per_type={},
        )

    def _vehicle(self, vehicle: int) -> vroom.Vehicle:
        vehicles = self._stops.routing.vehicles
        end = int(vehicles.end[vehicle])
        return vroom.Vehicle(
            vehicle,
            start=int(vehicles.start[vehicle]),
            end=None if end == ANYWHERE else end,
            capacity=[int(vehicles.capacity[vehicle])],
            time_window=(int(self._available[vehicle]), int(self._off[vehicle])),
            costs=self._costs,
        )

    def _tours(self, solution: _vroom.Solution) -> Tours:
        rows = np.asarray(solution._routes_numpy())
        rows = rows[(rows["type"] == b"pickup") | (rows["type"] == b"delivery")]
        stops = rows["id"] + np.where(rows["type"] == b"delivery", self._stops.requests, 0)
        tours: dict[int, list[int]] = {}
        for vehicle, stop in zip(rows["vehicle_id"].tolist(), stops.tolist(), strict=True):
            tours.setdefault(vehicle, []).append(stop)
        return {vehicle: tuple(tour) for vehicle, tour in tours.items()}
