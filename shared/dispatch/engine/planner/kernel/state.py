"""Tours as rows of arrays, with what makes it quick to tell whether a stop fits in and what it costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.compiled import in_place
from shared.dispatch.engine.planner.kernel.problem import Numbers, Problem

NOBODY = -1
"""The owner of a request that no vehicle serves."""


EARLIER = 1e-6
"""Seconds of travel that it is worth to be at one door a second earlier: of plans with the same travel the earlier is better."""


class State(NamedTuple):
    """One row per vehicle, whose columns are its start, `length` stops and its end; what is right of that means nothing.

    node       int64[vehicles, stops + 2]
    leave_s    float64, the earliest moment to leave for the next node
    latest_s   float64, the latest moment to begin here so that this and all that follows is in time
    leg_s      float64, the way to the next node
    load       int64, on board on that way
    length     int64[vehicles]
    cost_s     float64[vehicles], travel and the vehicle; 0 where it has no stops
    version    int64[vehicles], never the same for two different tours
    owner      int64[requests], a vehicle or NOBODY
    column     int64[stops], where it has an owner
    changes    int64[1], the last version; one array for all states of a search
    """

    node: Numbers
    leave_s: Floats
    latest_s: Floats
    leg_s: Floats
    load: Numbers
    length: Numbers
    cost_s: Floats
    version: Numbers
    owner: Numbers
    column: Numbers
    changes: Numbers


def nothing_planned(problem: Problem) -> State:
    """All vehicles at rest; `refresh_all` says what follows."""
    vehicles, stops = len(problem.start), len(problem.open_s)
    shape = (vehicles, stops + 2)
    return State(
        node=np.zeros(shape, np.int64),
        leave_s=np.zeros(shape),
        latest_s=np.zeros(shape),
        leg_s=np.zeros(shape),
        load=np.zeros(shape, np.int64),
        length=np.zeros(vehicles, np.int64),
        cost_s=np.zeros(vehicles),
        version=np.zeros(vehicles, np.int64),
        owner=np.full(stops // 2, NOBODY),
        column=np.zeros(stops, np.int64),
        changes=np.zeros(1, np.int64),
    )


def twin(state: State) -> State:
    """A copy that counts its versions together with this one."""
    columns = {name: column.copy() for name, column in state._asdict().items()}
    return State(**columns)._replace(changes=state.changes)


@in_place
def refresh_all(problem: Problem, state: State) -> None:
    for vehicle in range(len(state.length)):
        refresh(problem, state, vehicle)


@in_place
def refresh(problem: Problem, state: State, vehicle: int) -> bool:
    """Bring up to date what follows from a tour's sequence, and say whether it is in time everywhere."""
    end = state.length[vehicle] + 1
    state.node[vehicle, 0], state.node[vehicle, end] = problem.start[vehicle], problem.end[vehicle]
    moment_s, travel_s, doors_s, load, in_time = problem.available_s[vehicle], 0.0, 0.0, 0, True
    state.leave_s[vehicle, 0], state.load[vehicle, 0] = moment_s, 0
    for at in range(1, end + 1):
        here = state.node[vehicle, at]
        leg_s = problem.travel_s[state.node[vehicle, at - 1], here]
        state.leg_s[vehicle, at - 1] = leg_s
        travel_s += leg_s
        moment_s += leg_s
        if at < end:
            begin_s = max(moment_s, problem.open_s[here])
            in_time &= begin_s <= problem.close_s[here]
            moment_s = begin_s + problem.service_s[here]
            load += problem.load[here]
            doors_s += begin_s if here >= len(state.owner) else 0.0
            state.leave_s[vehicle, at], state.load[vehicle, at] = moment_s, load
            state.column[here] = at
    latest_s = problem.off_s[vehicle]
    in_time &= moment_s <= latest_s
    state.latest_s[vehicle, end] = latest_s
    for at in range(end - 1, 0, -1):
        here = state.node[vehicle, at]
        latest_s = min(problem.close_s[here], latest_s - state.leg_s[vehicle, at] - problem.service_s[here])
        state.latest_s[vehicle, at] = latest_s
    state.cost_s[vehicle] = travel_s + problem.vehicle_cost_s + EARLIER * doors_s if end > 1 else 0.0
    state.changes[0] += 1
    state.version[vehicle] = state.changes[0]
    return bool(in_time)


@in_place
def insert(problem: Problem, state: State, request: int, vehicle: int, pickup: int, dropoff: int) -> None:
    """Put a request into a tour: its pickup behind the column `pickup`, its dropoff behind `dropoff`, as they are before."""
    for at in range(state.length[vehicle], dropoff, -1):
        state.node[vehicle, at + 2] = state.node[vehicle, at]
    state.node[vehicle, dropoff + 2] = request + len(state.owner)
    for at in range(dropoff, pickup, -1):
        state.node[vehicle, at + 1] = state.node[vehicle, at]
    state.node[vehicle, pickup + 1] = request
    state.length[vehicle] += 2
    state.owner[request] = vehicle
    refresh(problem, state, vehicle)


@in_place
def drop_lost(problem: Problem, state: State, vehicle: int) -> None:
    """Take the stops out of a tour whose requests have another owner. Where the way around was the shorter one and the rest
    is late without it, the whole tour is given up."""
    kept, requests = 0, len(state.owner)
    for at in range(1, state.length[vehicle] + 1):
        if state.owner[state.node[vehicle, at] % requests] == vehicle:
            kept += 1
            state.node[vehicle, kept] = state.node[vehicle, at]
    state.length[vehicle] = kept
    if not refresh(problem, state, vehicle):
        for at in range(1, kept + 1):
            state.owner[state.node[vehicle, at] % requests] = NOBODY
        state.length[vehicle] = 0
        refresh(problem, state, vehicle)


@in_place
def copy_tour(source: State, target: State, vehicle: int) -> None:
    """The tour alone: who owns what is for `copy_owners`."""
    for at in range(source.length[vehicle] + 2):
        target.node[vehicle, at] = source.node[vehicle, at]
        target.leave_s[vehicle, at] = source.leave_s[vehicle, at]
        target.latest_s[vehicle, at] = source.latest_s[vehicle, at]
        target.leg_s[vehicle, at] = source.leg_s[vehicle, at]
        target.load[vehicle, at] = source.load[vehicle, at]
    target.length[vehicle] = source.length[vehicle]
    target.cost_s[vehicle] = source.cost_s[vehicle]
    target.version[vehicle] = source.version[vehicle]


@in_place
def copy_owners(source: State, target: State) -> None:
    for request in range(len(source.owner)):
        target.owner[request] = source.owner[request]
    for stop in range(len(source.column)):
        target.column[stop] = source.column[stop]


@in_place
def copy_all(source: State, target: State) -> None:
    for vehicle in range(len(source.length)):
        copy_tour(source, target, vehicle)
    copy_owners(source, target)
