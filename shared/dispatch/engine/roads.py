"""Fill in the roads of a problem: whom to consider, and how long the ways take."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from shared.dispatch.engine.candidates import nearest
from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.parameters import Parameters
from shared.dispatch.engine.problem import Problem, Roads


class TravelTimes(Protocol):
    """A source of travel times; every router is one."""

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        """float64[e] seconds from `origins[origin]` to `destinations[destination]`, finite and not negative.

        `origins` float64[n, 2] and `destinations` float64[m, 2] are (lat, lng) in degrees, `origin` and `destination`
        int64[e] point at their rows. Cells of one destination come in runs, ready for a many-to-one search. e may be 0.
        """
        ...


def measure(problem: Problem, travel_times: TravelTimes, parameters: Parameters, router: str) -> Problem:
    """The problem with its `roads` measured by the router of that name: the only step that asks the outside world."""
    jobs, drivers = problem.jobs, problem.drivers
    job, driver = nearest(problem, parameters.neighbours)
    pickup = np.column_stack((jobs.pickup_lat, jobs.pickup_lng))
    dropoff = np.column_stack((jobs.dropoff_lat, jobs.dropoff_lng))
    position = np.column_stack((drivers.lat, drivers.lng))
    approach_s = travel_times.edge_times(position, pickup, driver, job)
    carry_s = jobs.carry_s.copy()
    straight = np.flatnonzero(np.isnan(carry_s))
    carry_s[straight] = travel_times.edge_times(pickup, dropoff, straight, straight)
    return problem.with_roads(Roads(router, job, driver, approach_s, carry_s))
