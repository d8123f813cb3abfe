"""A solution: tours, who is served by whom, and what it costs. Never changed; a step makes a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.dispatch.engine.planner.tours import Stops, Tours


@dataclass(frozen=True, slots=True)
class Score:
    """What is minimised: the requests that nobody serves, then travel and vehicles in seconds."""

    unserved: int
    cost_s: float

    def better_than(self, other: Score, by_s: float = 1e-6) -> bool:
        """`by_s` may be negative: then better is what is not too much worse."""
        return self.unserved < other.unserved or (self.unserved == other.unserved and self.cost_s < other.cost_s - by_s)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """tours      those with at least one stop, by vehicle
    cost_s     what each of them costs, by vehicle: travel and the vehicle's own cost
    served_by  the vehicle, by request that is served
    """

    stops: Stops
    tours: Tours
    cost_s: dict[int, float]
    served_by: dict[int, int]

    @classmethod
    def of(cls, stops: Stops, tours: Tours) -> Solution:
        return cls(stops, {}, {}, {}).with_tours((), tours)

    def with_tours(self, replaced: Iterable[int], tours: Tours) -> Solution:
        """The solution with these vehicles' tours gone and those in their place."""
        gone = set(replaced)
        fixed_s = self.stops.routing.vehicle_cost_s
        fresh_s = {vehicle: self.stops.travel_s(vehicle, tour) + fixed_s for vehicle, tour in tours.items()}
        served = {stop: v for v, tour in tours.items() for stop in tour if stop < self.stops.requests}
        return Solution(
            self.stops,
            {v: tour for v, tour in self.tours.items() if v not in gone} | tours,
            {v: cost_s for v, cost_s in self.cost_s.items() if v not in gone} | fresh_s,
            {request: v for request, v in self.served_by.items() if v not in gone} | served,
        )

    def score(self) -> Score:
        return Score(self.stops.requests - len(self.served_by), sum(self.cost_s.values()))

    def unserved(self) -> list[int]:
        """Requests on no tour, ascending."""
        return [request for request in range(self.stops.requests) if request not in self.served_by]
