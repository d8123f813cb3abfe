"""Large neighbourhood search: take requests out, let VROOM put them back, keep the result when it is not much worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.planner.budget import Budget
from shared.dispatch.engine.planner.neighbourhood import neighbours, relatedness
from shared.dispatch.engine.planner.routing import Vehicles
from shared.dispatch.engine.planner.solution import Solution
from shared.dispatch.engine.planner.solver import Vroom
from shared.dispatch.engine.planner.tours import Stops, Tours

HOT, COLD = 0.05, 0.005
"""The temperature at the beginning and at the end, in travel per request."""


@dataclass(frozen=True, slots=True)
class Effort:
    """depth     how often VROOM takes stops out itself in a step, to find a way out of a local optimum
    largest   how many requests a step takes out at most
    """

    depth: int
    largest: int


QUICK, THOROUGH = Effort(2, 32), Effort(5, 64)
"""Many steps or few good ones."""

THOROUGH_FROM_S = 0.005
"""Seconds per request from which few good steps come further than many quick ones."""

FIRST_WAITING = 0.8
"""How often a step is about a request that nobody serves, while there is one."""

WAITING = 8
"""Further such requests that a step tries to serve."""


class Search:
    """Ruin and recreate with simulated annealing (Ropke and Pisinger, "An adaptive large neighborhood search heuristic for the
    pickup and delivery problem with time windows", 2006), where a solver works on the tours around a place, as in POPMUSIC
    (Taillard and Voss 2002)."""

    def __init__(
        self, stops: Stops, solver: Vroom, budget: Budget, random: np.random.Generator, effort: Effort
    ) -> None:
        self._stops, self._solver, self._budget, self._random, self._effort = stops, solver, budget, random, effort
        self._related = relatedness(stops)
        self._kind = kinds(stops.routing.vehicles)

    def improve(self, solution: Solution, share: float) -> Solution:
        """The best found until this share of the budget is spent."""
        return self._anneal(solution, share, goal=-1, more=True)

    def use_fewer(self, solution: Solution, share: float) -> Solution:
        """The solution with as few vehicles as were found to do as well, until this share of the budget is spent.

        One vehicle after the other is closed, rather one with little to do, and the others try to take over its requests.
        """
        while self._budget.spent() < share and len(solution.tours) > 1:
            sizes = {vehicle: len(tour) * (1.0 + self._random.random()) for vehicle, tour in solution.tours.items()}
            goal = solution.score().unserved
            fewer = solution.with_tours([min(sizes, key=sizes.__getitem__)], {})
            fewer = self._anneal(fewer, share, goal, more=False)
            solution = fewer if fewer.score().unserved <= goal else solution
        return solution

    def _anneal(self, solution: Solution, share: float, goal: int, more: bool) -> Solution:
        """The best solution found. Ends early when no more than `goal` requests are unserved; `more`: with idle vehicles."""
        now = best = solution
        began = self._budget.spent()
        degree_s = sum(self._stops.travel_s(*item) for item in solution.tours.items()) / self._stops.requests
        while (spent := self._budget.spent()) < share and best.score().unserved > goal:
            self._budget.take_step()
            new = self._step(now, more)
            heat_s = degree_s * HOT * (COLD / HOT) ** ((spent - began) / (1.0 - began))
            if new.score().better_than(now.score(), by_s=heat_s * math.log(1.0 - self._random.random())):
                now = new
                best = new if new.score().better_than(best.score()) else best
        return best

    def _step(self, solution: Solution, more: bool) -> Solution:
        waiting = solution.unserved()
        taken = set(neighbours(self._related, self._seed(waiting), self._effort.largest, self._random))
        vehicles = sorted({solution.served_by[request] for request in taken if request in solution.served_by})
        tours: Tours = {
            v: tuple(s for s in solution.tours[v] if s % self._stops.requests not in taken) for v in vehicles
        }
        requests = {stop % self._stops.requests for vehicle in vehicles for stop in solution.tours[vehicle]}
        requests |= taken | set(self._random.permutation(waiting)[:WAITING].tolist() if waiting else ())
        idle: Tours = dict.fromkeys(self._idle(solution), ()) if more else {}
        return solution.with_tours(vehicles, self._solver.improve(sorted(requests), tours | idle, self._effort.depth))

    def _seed(self, waiting: Sequence[int]) -> int:
        if waiting and self._random.random() < FIRST_WAITING:
            return waiting[int(self._random.integers(len(waiting)))]
        return int(self._random.integers(self._stops.requests))

    def _idle(self, solution: Solution) -> list[int]:
        """One vehicle of each kind that has no tour."""
        idle = {kind: vehicle for vehicle, kind in enumerate(self._kind) if vehicle not in solution.tours}
        return sorted(idle.values())


def kinds(vehicles: Vehicles) -> list[int]:
    """A number per vehicle, equal for those that are alike in everything."""
    columns = (vehicles.start, vehicles.end, vehicles.available_s, vehicles.off_s, vehicles.capacity)
    alike: list[int] = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)[1].reshape(-1).tolist()
    return alike
