"""Waiting on the product's clock, however fast it runs, and knowing how late one woke."""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import inf
from time import monotonic

from shared.kernel.clock import Clock

LONGEST_NAP_S = 0.2
"""Wall seconds after which a changed speed is noticed at the latest."""


STANDING = 1e-3
LATEST_MS = 1_000.0
"""An action that is later says nothing more about the machine; an offer does, which somebody waits for."""


class Lag:
    """How late the latest actions were, in wall milliseconds."""

    def __init__(self, kept_s: float = 2.0, latest_ms: float = LATEST_MS) -> None:
        self._kept_s, self._latest_ms = kept_s, latest_ms
        self._samples: deque[tuple[float, float]] = deque()
        self._under_way: dict[int, float] = {}
        self._number = itertools.count()

    def note(self, late_ms: float) -> None:
        """Something was late by so much; it counts as `latest_ms` at most."""
        self._samples.append((monotonic(), min(self._latest_ms, late_ms)))

    def recent(self) -> list[float]:
        """The samples of the last `kept_s` wall seconds."""
        oldest = monotonic() - self._kept_s
        while self._samples and self._samples[0][0] < oldest:
            self._samples.popleft()
        return [late_ms for _, late_ms in self._samples]

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what happens within as late by the time it takes."""
        number, began = next(self._number), monotonic()
        self._under_way[number] = began
        try:
            yield
        finally:
            del self._under_way[number]
            self.note((monotonic() - began) * 1000)

    def longest_ms(self) -> float:
        """For how many wall milliseconds what is still under way has been so, at most; 0 when nothing is."""
        return (monotonic() - min(self._under_way.values())) * 1000 if self._under_way else 0.0


class Timeline:
    """Sleeps until moments of a clock that runs `speed()` times as fast as the wall's."""

    def __init__(self, clock: Clock, speed: Callable[[], float]) -> None:
        self._clock = clock
        self._speed = speed
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.lag = Lag()
        self.offer_lag = Lag(latest_ms=inf)
        """Of offers alone: they have half a minute to be heard and answered, so the slowest one counts."""

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def speed(self) -> float:
        """Seconds of the clock per wall second, never quite 0: a clock that stands is looked at again."""
        return max(self._speed(), STANDING)

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + timedelta(seconds=seconds))

    async def sleep_until(self, moment: datetime) -> None:
        """Return at `moment` or soon after; at once when it has passed."""
        if moment <= self.now():
            return
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._order), sleeper))
        if self._sleepers[0][2] is sleeper:
            self._arm()
        await sleeper

    def note_offer(self, made_at: datetime) -> None:
        """Count an offer that is heard just now."""
        self.offer_lag.note((self.now() - made_at).total_seconds() / self.speed * 1000)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._sleepers:
            wait_s = (self._sleepers[0][0] - self.now()).total_seconds() / self.speed
            nap_s = min(max(wait_s, 0.0), LONGEST_NAP_S)
            self._timer = asyncio.get_running_loop().call_later(nap_s, self._wake)

    def _wake(self) -> None:
        now = self.now()
        while self._sleepers and self._sleepers[0][0] <= now:
            moment, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                self.lag.note((now - moment).total_seconds() / self.speed * 1000)
                sleeper.set_result(None)
        self._arm()
