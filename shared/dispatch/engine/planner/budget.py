"""How long to search: by the clock, by steps, or until the first of both is over."""

from __future__ import annotations

import math
from time import perf_counter


class Budget:
    """`seconds` from now and `steps`, at most. Where the seconds are infinite the clock plays no part."""

    def __init__(self, seconds: float = math.inf, steps: float = math.inf) -> None:
        self._seconds, self._steps = seconds, steps
        self._began_s, self._taken = perf_counter(), 0

    def take_step(self) -> None:
        self._taken += 1

    def spent(self) -> float:
        """The share that is gone; 1 or more when it is over."""
        if not (self._seconds > 0 and self._steps > 0):
            return 1.0
        return max((perf_counter() - self._began_s) / self._seconds, self._taken / self._steps)
