"""How long to search: by the clock in the product, by steps where the same answer is wanted twice."""

from __future__ import annotations

from time import perf_counter


class Budget:
    """`seconds` from now, or `steps` when they are given: then the clock plays no part."""

    def __init__(self, seconds: float, steps: int | None = None) -> None:
        self._seconds, self._steps = max(seconds, 1e-9), steps
        self._began_s, self._taken = perf_counter(), 0

    def take_step(self) -> None:
        self._taken += 1

    def spent(self) -> float:
        """The share that is gone; 1 or more when it is over."""
        if self._steps is not None:
            return self._taken / self._steps if self._steps else 1.0
        return (perf_counter() - self._began_s) / self._seconds
