"""The clock that settings name: the machine's own, or the paced one that a local market runs by."""

import json
import os
import threading
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from shared.kernel.clock import Clock, SystemClock


class PacedClock:
    """Simulated time: `sim + (wall now − wall) × speed`, the three numbers read from a file whenever it changes.

    Seconds since 1970; `speed` 0 stands still. Never goes back, not even when the pace changes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._lock = threading.Lock()
        self._last = 0.0
        self._wall = self._sim = self._speed = 0.0

    @property
    def speed(self) -> float:
        """Simulated seconds per second of the wall, at the last reading."""
        return self._speed

    def now(self) -> datetime:
        stamp = os.stat(self._path).st_mtime_ns  # noqa: PTH116 - a stat per reading, so the cheapest one
        with self._lock:
            if stamp != self._stamp:
                pace = json.loads(self._path.read_text())
                self._wall, self._sim, self._speed = pace["wall"], pace["sim"], pace["speed"]
                self._stamp = stamp
            self._last = max(self._last, self._sim + (time.time() - self._wall) * self._speed)
            return datetime.fromtimestamp(self._last, UTC)


@cache
def clock() -> Clock:
    path = os.environ.get("CLOCK_FILE")
    return PacedClock(Path(path)) if path else SystemClock()
