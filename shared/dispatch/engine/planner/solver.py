"""VROOM as the solver of a problem or of a part of one: C++ heuristics and local search (Coupey, Nicod and Varnier,
vroom-project.org), from nothing or from tours that it is given.

Measured: its time limit ends the local search but not the first heuristics, which for 100 requests on long tours take half a
second. From given tours it puts in what is missing and improves everything, a hundred times faster than it plans anew.

Some calls below are to the names that pyvroom keeps for itself: its public wrappers copy each shipment and build a data frame
of each answer, which costs more than the solving. They are held to the locked version by the tests of the planner.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import numpy as np
import vroom
from vroom import _vroom

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.planner.routing import ANYWHERE, LONGEST_S
from shared.dispatch.engine.planner.tours import Stops, Tour, Tours

UNITS = 1_000
"""VROOM counts in whole numbers, here of milliseconds, rounded so that what it finds feasible is."""

LATEST = 2**32 - 1
"""The last moment VROOM knows, after 49 days: windows that close later close then."""

EXPLORATION = 5
"""How many beginnings VROOM tries when it plans from nothing, and how deep it searches each; its own default."""


class Vroom:
    """A problem in VROOM's terms, made once; any part of it is then solved quickly."""

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
        self._shipments = {request: self._shipment(request) for request in np.flatnonzero(keeps).tolist()}

    def from_nothing(self, seconds: float | None) -> Tours:
        """Tours for everything, by heuristics. Without a limit on the seconds a quick search is made, the same each time."""
        requests, vehicles = range(self._stops.requests), range(len(self._stops.routing.vehicles))
        problem = self._problem(requests, dict.fromkeys(vehicles, ()))
        if problem is None:
            return {}
        if seconds is None:
            return self._tours(problem._solve(exploration_level=1, nb_threads=1, timeout=None))
        limit = timedelta(seconds=seconds)
        return self._tours(problem._solve(exploration_level=EXPLORATION, nb_threads=1, timeout=limit))

    def improve(self, requests: Collection[int], tours: Tours, depth: int) -> Tours:
        """Better tours of the same vehicles for these requests; who is on none of `tours` yet is put in where possible.

        `depth`: how often VROOM takes stops out itself to find a way out of a local optimum.
        """
        drivable = {vehicle: tour if self._drivable(vehicle, tour) else () for vehicle, tour in tours.items()}
        problem = self._problem(requests, drivable)
        if problem is None:
            return {}
        return self._tours(problem._solve(nb_searches=1, depth=depth, nb_threads=1, timeout=None))

    def _problem(self, requests: Collection[int], tours: Tours) -> vroom.Input | None:
        """None when there is nothing to carry or nobody to do so, which VROOM refuses."""
        shipments = [self._shipments[request] for request in requests if request in self._shipments]
        working = [vehicle for vehicle in tours if self._available[vehicle] <= self._off[vehicle]]
        if not (shipments and working):
            return None
        problem = vroom.Input()
        problem.set_durations_matrix("car", self._travel)
        problem.add_vehicle([self._vehicle(vehicle, tours[vehicle]) for vehicle in working])
        for pickup, dropoff in shipments:
            problem._add_shipment(pickup, dropoff)
        return problem

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

    def _vehicle(self, vehicle: int, tour: Tour) -> vroom.Vehicle:
        vehicles, requests = self._stops.routing.vehicles, self._stops.requests
        end = int(vehicles.end[vehicle])
        kinds = (vroom.VehicleStepPickup, vroom.VehicleStepDelivery)
        return vroom.Vehicle(
            vehicle,
            start=int(vehicles.start[vehicle]),
            end=None if end == ANYWHERE else end,
            capacity=[int(vehicles.capacity[vehicle])],
            time_window=(int(self._available[vehicle]), int(self._off[vehicle])),
            costs=self._costs,
            steps=[kinds[stop >= requests](stop % requests) for stop in tour],
        )

    def _tours(self, solution: _vroom.Solution) -> Tours:
        rows = np.asarray(solution._routes_numpy())
        rows = rows[(rows["type"] == b"pickup") | (rows["type"] == b"delivery")]
        stops = rows["id"] + np.where(rows["type"] == b"delivery", self._stops.requests, 0)
        tours: dict[int, list[int]] = {}
        for vehicle, stop in zip(rows["vehicle_id"].tolist(), stops.tolist(), strict=True):
            tours.setdefault(vehicle, []).append(stop)
        return {vehicle: tuple(tour) for vehicle, tour in tours.items()}

    def _drivable(self, vehicle: int, tour: Tour) -> bool:
        """Whether a tour that lost stops still keeps its windows: it may not, where a way around is the shorter one. VROOM
        refuses a whole problem for one such tour."""
        vehicles = self._stops.routing.vehicles
        now, place, end = int(self._available[vehicle]), int(vehicles.start[vehicle]), int(vehicles.end[vehicle])
        for stop in tour:
            here = int(self._stops.place[stop])
            now = max(now + int(self._travel[place, here]), int(self._open[stop]))
            if now > self._close[stop]:
                return False
            now, place = now + int(self._service[stop]), here
        home = 0 if end == ANYWHERE else int(self._travel[place, end])
        return now + home <= int(self._off[vehicle])
