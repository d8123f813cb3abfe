"""How long each stage of a tick took."""

from collections.abc import Callable

Stopwatch = Callable[[], float]
"""Seconds from some fixed moment, for measuring; `time.perf_counter` outside tests."""


class Laps:
    """Milliseconds by stage, in the order in which the stages ended."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._started_s = self._lap_s = stopwatch()
        self.ms: dict[str, float] = {}

    def end(self, stage: str) -> None:
        """What was done since the last lap, or the start, was this stage."""
        now_s = self._stopwatch()
        self.ms[stage] = round(1e3 * (now_s - self._lap_s), 3)
        self._lap_s = now_s

    @property
    def total_ms(self) -> float:
        return 1e3 * (self._lap_s - self._started_s)
