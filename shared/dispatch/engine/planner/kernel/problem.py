"""What the kernel is asked: a routing problem as plain arrays, by node. Made once, never changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.planner.routing import ANYWHERE, Vehicles
from shared.dispatch.engine.planner.tours import Stops

Numbers = npt.NDArray[np.int64]

SLACK_S = 1e-7
"""Windows close so much later: sums of seconds that are equal on paper may differ by rounding."""

CLOCK = 0.2
"""Seconds on the way that a second between two windows counts as."""

FAR_S = 1e5
"""A window that opens before now or closes later than this counts as one that does so now or then."""


class Problem(NamedTuple):
    """Nodes are the stops (pickup r, dropoff `requests + r`), then the places where vehicles start, then those where they end.

    travel_s                     float64[nodes, nodes]
    open_s, close_s, service_s   float64[stops]
    load                         int64[stops], what comes on board; negative at dropoffs
    start, end                   int64[vehicles], nodes
    available_s, off_s           float64[vehicles]
    capacity, kind               int64[vehicles]; vehicles of one kind are alike in everything
    near                         int64[stops, stops], all stops by their nearness to one, which is the first itself
    rank                         float64[6, requests], keys of the sequences in which requests are put in, least first
    vehicle_cost_s               of each vehicle that has a tour
    """

    travel_s: Floats
    open_s: Floats
    close_s: Floats
    service_s: Floats
    load: Numbers
    start: Numbers
    end: Numbers
    available_s: Floats
    off_s: Floats
    capacity: Numbers
    kind: Numbers
    near: Numbers
    rank: Floats
    vehicle_cost_s: float


def problem_of(stops: Stops) -> Problem:
    """The problem in the kernel's terms."""
    vehicles, load, count = stops.routing.vehicles, stops.routing.requests.load.astype(np.int64), len(stops.place)
    starts, start = np.unique(vehicles.start, return_inverse=True)
    ends, end = np.unique(vehicles.end, return_inverse=True)
    places = np.concatenate((stops.place, starts, np.maximum(ends, 0)))
    travel_s = stops.routing.travel_s[np.ix_(places, places)]
    travel_s[:, count + len(starts) + np.flatnonzero(ends == ANYWHERE)] = 0.0
    return Problem(
        travel_s=travel_s,
        open_s=stops.open_s.copy(),
        close_s=stops.close_s + SLACK_S,
        service_s=stops.service_s.copy(),
        load=np.concatenate((load, -load)),
        start=count + start.reshape(-1),
        end=count + len(starts) + end.reshape(-1),
        available_s=vehicles.available_s.copy(),
        off_s=vehicles.off_s + SLACK_S,
        capacity=vehicles.capacity.astype(np.int64),
        kind=_kinds(vehicles),
        near=_nearness(stops, travel_s[:count, :count]),
        rank=_ranks(stops, travel_s[count : count + len(starts), :count]),
        vehicle_cost_s=float(stops.routing.vehicle_cost_s),
    )


def _kinds(vehicles: Vehicles) -> Numbers:
    columns = (vehicles.start, vehicles.end, vehicles.available_s, vehicles.off_s, vehicles.capacity)
    alike = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)[1]
    kinds: Numbers = alike.reshape(-1).astype(np.int64)
    return kinds


def _nearness(stops: Stops, travel_s: Floats) -> Numbers:
    """By seconds on the way there and back, and on the clock."""
    middle_s = (np.maximum(stops.open_s, 0.0) + np.minimum(stops.close_s, FAR_S)) / 2.0
    apart_s = travel_s + travel_s.T + CLOCK * np.abs(middle_s[:, None] - middle_s)
    np.fill_diagonal(apart_s, -1.0)
    ranked: Numbers = np.argsort(apart_s, axis=1, kind="stable").astype(np.int64)
    return ranked


def _ranks(stops: Stops, from_start_s: Floats) -> Floats:
    """Heavy ones first, far ones, near ones, those open soon, closed soon, and open shortly."""
    away_s = from_start_s.mean(axis=0) if len(from_start_s) else np.zeros(len(stops.place))
    columns = (away_s, np.maximum(stops.open_s, 0.0), np.minimum(stops.close_s, FAR_S))
    far_s, open_s, close_s = (column.reshape(2, -1).sum(axis=0) for column in columns)
    heavy = stops.routing.requests.load.astype(np.float64)
    return np.stack((-heavy, -far_s, far_s, open_s, close_s, close_s - open_s))
