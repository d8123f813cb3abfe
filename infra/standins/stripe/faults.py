"""What may go wrong between a client and Stripe, on purpose."""

import random
import threading
from collections import Counter, deque
from enum import StrEnum


class Fault(StrEnum):
    BEFORE = "before"
    """503, and nothing was done or kept."""
    ERROR = "error"
    """500 that is kept for the key, and nothing was done."""
    AFTER = "after"
    """All was done, and the answer is a 500 that is kept for the key."""
    LOST = "lost"
    """All was done and kept, and the connection ends without an answer."""
    TIMEOUT = "timeout"
    """All was done and kept, and the answer comes after the client's patience."""
    LATE = "late"
    """The connection ends at once, and the request is carried out a moment later."""


READING = (Fault.BEFORE, Fault.TIMEOUT)
"""What can go wrong with a request that changes nothing."""


class Faults:
    """`rate` of the requests fail, each in a way drawn by `seed`; `queue` lets the next changes fail in given ways first.

    `pause_s` is how late an answer or a request is; seconds.
    """

    def __init__(self, rate: float = 0.0, seed: int = 0, pause_s: float = 1.0) -> None:
        self.rate = rate
        self.pause_s = pause_s
        self.drawn: Counter[Fault] = Counter()
        self._random = random.Random(seed)
        self._queued: deque[Fault | None] = deque()
        self._lock = threading.Lock()

    def queue(self, *faults: Fault | None) -> None:
        """The next changes meet these; None lets one through."""
        with self._lock:
            self._queued.extend(faults)

    def draw(self, *, reading: bool) -> Fault | None:
        with self._lock:
            if self._queued and not reading:
                found = self._queued.popleft()
            elif self._random.random() < self.rate:
                found = self._random.choice(READING if reading else tuple(Fault))
            else:
                found = None
            if found is not None:
                self.drawn[found] += 1
            return found
