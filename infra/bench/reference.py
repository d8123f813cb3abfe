"""What the planner is measured beside: OR-Tools routing, with the same problem and the same time."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from shared.dispatch.engine.planner import Routes, Routing
from shared.dispatch.engine.planner.tours import Stops, Tours

UNITS = 1_000
UNSERVED = 10**12
"""The price of leaving a request out, in units: more than any vehicles."""


def ortools_routes(routing: Routing, seconds: float) -> Routes:
    """Parallel cheapest insertion, then guided local search, as OR-Tools' guide to pickup and delivery has it. Every vehicle
    must have an end. Nothing is served when the time was too short for a first solution."""
    stops, vehicles = Stops.of(routing), routing.vehicles
    n, count = stops.requests, len(vehicles)
    place = np.concatenate((stops.place, vehicles.start, vehicles.end))
    travel = np.ceil(routing.travel_s[np.ix_(place, place)] * UNITS - 1e-6).astype(np.int64)
    service = np.concatenate((np.ceil(stops.service_s * UNITS), np.zeros(2 * count))).astype(np.int64)
    load = np.concatenate((routing.requests.load, -routing.requests.load, np.zeros(2 * count))).astype(np.int64)
    starts = list(range(2 * n, 2 * n + count))
    index = pywrapcp.RoutingIndexManager(len(place), count, starts, [start + count for start in starts])
    model = pywrapcp.RoutingModel(index)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel.tolist()))
    model.SetFixedCostOfAllVehicles(int(routing.vehicle_cost_s * UNITS))
    horizon = int(vehicles.off_s.max() * UNITS)
    elapsed = model.RegisterTransitMatrix((travel + service[:, None]).tolist())
    model.AddDimension(elapsed, horizon, horizon, False, "time")
    on_board = model.RegisterUnaryTransitVector(load.tolist())
    model.AddDimensionWithVehicleCapacity(on_board, 0, vehicles.capacity.tolist(), True, "load")
    _constrain(model, index, stops)
    solution = model.SolveWithParameters(_parameters(seconds))
    return stops.routes(_tours(model, index, solution, stops) if solution else {})


def _constrain(model: Any, index: Any, stops: Stops) -> None:
    """Windows, shifts, precedence, and the price of leaving a request out."""
    time, n, vehicles = model.GetDimensionOrDie("time"), stops.requests, stops.routing.vehicles
    for stop in range(2 * n):
        opens, closes = int(np.ceil(stops.open_s[stop] * UNITS)), int(stops.close_s[stop] * UNITS)
        time.CumulVar(index.NodeToIndex(stop)).SetRange(opens, closes)
    for vehicle in range(len(vehicles)):
        available, off = int(vehicles.available_s[vehicle] * UNITS), int(vehicles.off_s[vehicle] * UNITS)
        time.CumulVar(model.Start(vehicle)).SetRange(available, off)
        time.CumulVar(model.End(vehicle)).SetRange(available, off)
    solver = model.solver()
    for request in range(n):
        pickup, dropoff = index.NodeToIndex(request), index.NodeToIndex(n + request)
        model.AddPickupAndDelivery(pickup, dropoff)
        solver.Add(model.VehicleVar(pickup) == model.VehicleVar(dropoff))
        solver.Add(time.CumulVar(pickup) <= time.CumulVar(dropoff))
        model.AddDisjunction([pickup, dropoff], UNSERVED, 2)


def _parameters(seconds: float) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(seconds * 1e3))
    return parameters


def _tours(model: Any, index: Any, solution: Any, stops: Stops) -> Tours:
    tours = {}
    for vehicle in range(len(stops.routing.vehicles)):
        tour, at = [], solution.Value(model.NextVar(model.Start(vehicle)))
        while not model.IsEnd(at):
            tour.append(index.IndexToNode(at))
            at = solution.Value(model.NextVar(at))
        if tour:
            tours[vehicle] = tuple(tour)
    return tours
