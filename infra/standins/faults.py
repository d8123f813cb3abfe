"""What may go wrong between a client and a vendor, on purpose."""

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Fault(StrEnum):
    LIMITED = "limited"
    """429, and nothing was done or kept."""
    BEFORE = "before"
    """503, and nothing was done or kept."""
    ERROR = "error"
    """500, and nothing was done; a vendor that knows idempotency keys keeps it for the key."""
    AFTER = "after"
    """All was done, and the answer is a 500; a vendor that knows idempotency keys keeps it for the key."""
    LOST = "lost"
    """All was done and kept, and the connection ends without an answer."""
    TIMEOUT = "timeout"
    """All was done and kept, and the answer comes after the client's patience."""
    LATE = "late"
    """The connection ends at once, and the request is carried out a moment later."""


READING = (Fault.LIMITED, Fault.BEFORE, Fault.AFTER, Fault.LOST, Fault.TIMEOUT)
"""What can go wrong with a request that changes nothing."""


class Faults:
    """`rate` of the requests fail, each in a way drawn by `seed`; `queue` lets the next changes fail in given ways first.

    `pause_s` is how late an answer or a request is; seconds. `calls` counts requests, `drawn` those that failed.
    """

    def __init__(self, rate: float = 0.0, seed: int = 0, pause_s: float = 1.0) -> None:
        self.rate = rate
        self.pause_s = pause_s
        self.calls = 0
        self.drawn: Counter[Fault] = Counter()
        self._random = random.Random(seed)
        self._queued: deque[Fault | None] = deque()
        self._late: list[threading.Timer] = []
        self._lock = threading.Lock()

    def queue(self, *faults: Fault | None) -> None:
        """The next changes meet these; None lets one through."""
        with self._lock:
            self._queued.extend(faults)

    def draw(self, *, reading: bool) -> Fault | None:
        with self._lock:
            self.calls += 1
            if self._queued and not reading:
                found = self._queued.popleft()
            elif self._random.random() < self.rate:
                found = self._random.choice(READING if reading else tuple(Fault))
            else:
                found = None
            if found is not None:
                self.drawn[found] += 1
            return found

    def meet(self, fault: Fault | None, act: Callable[[], T]) -> T | None:
        """Carry a request out as its fault has it. None when the connection is to end without an answer."""
        if fault == Fault.LATE:
            later = threading.Timer(self.pause_s, act)
            self._late.append(later)
            later.start()
            return None
        done = act()
        if fault == Fault.TIMEOUT:
            time.sleep(self.pause_s)
        return None if fault in (Fault.LOST, Fault.TIMEOUT) else done

    def settle(self) -> None:
        """Wait for requests that are carried out late."""
        while self._late:
            self._late.pop().join()
