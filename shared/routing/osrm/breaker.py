"""A circuit breaker: after some failures in a row nobody waits for a sick server any more, for a while."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Breaker:
    """Closed until `failures` in a row, then open for `rest_s`; after that one call tries, and the rest wait for its end."""

    def __init__(self, failures: int = 3, rest_s: float = 15.0, clock: Callable[[], float] = monotonic) -> None:
        self._limit, self._rest_s, self._clock = failures, rest_s, clock
        self._failed = 0
        self._closed_again_at = 0.0
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether to call now. Who is allowed after a rest is the one that tries."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._rest_s
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._closed_again_at = self._clock() + self._rest_s
