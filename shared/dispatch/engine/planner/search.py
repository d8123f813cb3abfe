"""The stages of the search: a first plan, serve more, use fewer vehicles, travel less."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.planner.budget import Budget
from shared.dispatch.engine.planner.kernel.problem import problem_of
from shared.dispatch.engine.planner.kernel.search import begin, search, work_on
from shared.dispatch.engine.planner.kernel.state import NOBODY, State, drop_lost, twin
from shared.dispatch.engine.planner.tours import Stops, Tours

HOT, COLD = 5.0, 0.02
"""The temperature at the beginning and at the end of the last stage, in average legs."""

WARM = 0.5
"""The temperature of the stages before."""

OPEN_SHARE = 0.05
"""The share of the budget for opening a vehicle again when there was no way to use fewer."""

SMALL, LARGE = 7.0, 20.0
"""Stops that a step takes out: few where requests have to find a place, more where travel is to become less."""


class Search:
    """Ruin and recreate with simulated annealing, and fleets cut by counting absences (Christiaens and Vanden Berghe, "Slack
    induction by string removals for vehicle routing problems", 2020)."""

    def __init__(self, stops: Stops, budget: Budget, seed: int) -> None:
        self._budget = budget
        self._problem = problem_of(stops)
        self._work = work_on(self._problem, seed)
        self._other: State | None = None
        self._hopeless = begin(self._problem, self._work)

    def tours(self) -> Tours:
        """The best plan so far."""
        node, length = self._work.best.node, self._work.best.length
        return {vehicle: tuple(node[vehicle, 1 : length[vehicle] + 1].tolist()) for vehicle in self._working()}

    def serve_more(self, share: float) -> None:
        """Try to serve everybody who can be served at all, until this share of the budget is spent."""
        if _absent(self._work.best):
            self._start_from(self._work.best)
            self._until(share, idle=True, goal=self._hopeless)

    def use_fewer(self, share: float) -> None:
        """Close one vehicle after the other and let the others take over its requests, until this share is spent."""
        best, now = self._work.best, self._work.now
        while self._budget.spent() < share and len(self._working()) > 1:
            self._start_from(self._work.best)
            absences = {v: (self._work.absences[best.owner == v].sum(), best.length[v]) for v in self._working()}
            closed = min(absences, key=absences.__getitem__)
            now.owner[now.owner == closed] = NOBODY
            drop_lost(self._problem, now, closed)
            _copy(now, self._work.new)
            goal = _absent(best)
            self._until(share, idle=False, goal=goal)
            if _absent(now) > goal:
                self._until(share + OPEN_SHARE, idle=True, goal=goal)
                self._other = twin(now) if _absent(now) <= goal else None

    def improve(self) -> None:
        """Make it cost less until the budget is spent: first what the search for fewer vehicles ended with, then the best."""
        if self._other is not None:
            self._anneal(self._other, (1.0 + self._budget.spent()) / 2.0)
        self._anneal(self._work.best, 1.0)

    def _anneal(self, plan: State, share: float) -> None:
        self._start_from(plan)
        began, leg_s = self._budget.spent(), self._leg_s()
        while (spent := self._budget.spent()) < share:
            heat_s = leg_s * HOT * (COLD / HOT) ** ((spent - began) / (share - began))
            self._take_steps(heat_s, LARGE, idle=True, goal=-1)

    def _until(self, share: float, idle: bool, goal: int) -> None:
        heat_s = WARM * self._leg_s()
        while self._budget.spent() < share and _absent(self._work.now) > goal:
            self._take_steps(heat_s, SMALL, idle, goal)

    def _take_steps(self, heat_s: float, size: float, idle: bool, goal: int) -> None:
        portion = self._budget.portion()
        self._budget.take_steps(search(self._problem, self._work, portion, heat_s, size, idle, goal))

    def _start_from(self, plan: State) -> None:
        _copy(plan, self._work.now)
        _copy(plan, self._work.new)

    def _working(self) -> list[int]:
        working: list[int] = np.flatnonzero(self._work.best.length).tolist()
        return working

    def _leg_s(self) -> float:
        best, vehicles = self._work.best, len(self._working())
        travel_s = best.cost_s.sum() - self._problem.vehicle_cost_s * vehicles
        return float(travel_s / max(1, best.length.sum() + vehicles))


def _absent(plan: State) -> int:
    """How many requests nobody serves."""
    return int(np.count_nonzero(plan.owner == NOBODY))


def _copy(source: State, target: State) -> None:
    for column, copied in zip(source, target, strict=True):
        np.copyto(copied, column)
