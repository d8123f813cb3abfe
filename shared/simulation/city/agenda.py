"""What is still to happen, in the order of time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any


class Agenda:
    """A heap of (moment, handler, subject). What is due at the same moment happens in the order it was entered."""

    def __init__(self) -> None:
        self.now = 0.0
        self._entries: list[tuple[float, int, Callable[[Any], None], Any]] = []
        self._number = count()

    def at(self, moment: float, handler: Callable[[Any], None], subject: object) -> None:
        """Raises ValueError for a moment that is over."""
        if moment < self.now:
            raise ValueError(f"{handler.__name__} at {moment}: it is {self.now} already")
        heappush(self._entries, (moment, next(self._number), handler, subject))

    def play(self) -> None:
        """Until nothing is left to happen."""
        while self._entries:
            self.now, _, handler, subject = heappop(self._entries)
            handler(subject)
