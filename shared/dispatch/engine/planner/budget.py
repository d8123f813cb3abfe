"""How long to search: by the clock, by steps, or until the first of both is over."""

from __future__ import annotations

import math
from time import perf_counter

PORTIONS_OF_STEPS, PORTIONS_OF_TIME = 32, 200
"""In how many portions the search is made; after each it looks at the clock and cools."""

FIRST = 8
"""Steps of the first portion, when nobody knows yet how long one takes."""


class Budget:
    """`seconds` from now and `steps`, at most. Where the seconds are infinite the clock plays no part."""

    def __init__(self, seconds: float = math.inf, steps: float = math.inf) -> None:
        self._seconds, self._steps = seconds, steps
        self._began_s, self._taken = perf_counter(), 0

    def take_steps(self, count: int) -> None:
        self._taken += count

    def spent(self) -> float:
        """The share that is gone; 1 or more when it is over."""
        if not (self._seconds > 0 and self._steps > 0):
            return 1.0
        return max((perf_counter() - self._began_s) / self._seconds, self._taken / self._steps)

    def portion(self) -> int:
        """How many steps to take before the clock is looked at again."""
        steps = min(self._steps / PORTIONS_OF_STEPS, self._steps - self._taken)
        if math.isfinite(self._seconds):
            rate = self._taken / (perf_counter() - self._began_s)
            steps = min(steps, rate * self._seconds / PORTIONS_OF_TIME if self._taken else FIRST)
        return max(1, int(steps))
