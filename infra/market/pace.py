"""How fast the clock may run: as fast as everybody keeps up, measured by how late actions happen."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from infra.market.timeline import Timeline


@dataclass(frozen=True, slots=True)
class SpeedController:
    """Steers the clock's speed so that actions happen `late_s` seconds of the clock late, and not more.

    An action that is 40 ms late by the wall is 4 s late by a clock that runs a hundred times as fast. While no order is
    open, lateness distorts nothing and `idle_late_s` is allowed. No offer may be heard later than `offer_late_s`, and no
    request may take longer than `request_s`: a price is good for a quarter of an hour of the clock, however busy the machine.
    """

    limit: float = 1_000.0
    floor: float = 1.0
    late_s: float = 8.0
    offer_late_s: float = 25.0
    request_s: float = 60.0
    idle_late_s: float = 20.0
    raise_by: float = 1.15
    lower_by: float = 0.8

    def next(self, speed: float, lag_ms: Sequence[float], *, idle: bool) -> float:
        """The speed for the next moment, given the lateness of the last one's actions in wall milliseconds."""
        if not lag_ms:
            return self._within(speed * self.raise_by)
        late_s = ninetieth(lag_ms) / 1000 * speed
        wanted = self.idle_late_s if idle else self.late_s
        change = wanted / late_s if late_s > 0 else self.raise_by
        return self._within(speed * min(self.raise_by, max(self.lower_by, change)))

    def most_for_offers(self, speed: float, offer_lag_ms: Sequence[float]) -> float:
        """The most the next speed may be: less than this one when an offer of the last moment was heard too late."""
        late = offer_lag_ms and max(offer_lag_ms) / 1000 * speed > self.offer_late_s
        return self._within(speed * self.lower_by) if late else self.limit

    def most_for_requests(self, longest_ms: float) -> float:
        """The most the next speed may be while a request has been under way for so many wall milliseconds."""
        return self._within(self.request_s * 1000 / longest_ms) if longest_ms > 0 else self.limit

    def _within(self, speed: float) -> float:
        return min(self.limit, max(self.floor, speed))


def ninetieth(values: Sequence[float]) -> float:
    """The 90th percentile by nearest rank. Raises ValueError for no values."""
    if not values:
        raise ValueError("a percentile needs at least one value")
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


async def conduct(
    timeline: Timeline, controller: SpeedController, set_speed: Callable[[float], None], idle: Callable[[], bool]
) -> None:
    """Adjust the clock's speed twice a wall second, until cancelled."""
    while True:
        await asyncio.sleep(0.5)
        speed = controller.next(timeline.speed, timeline.lag.recent(), idle=idle())
        speed = min(speed, controller.most_for_offers(timeline.speed, timeline.offer_lag.recent()))
        speed = min(speed, controller.most_for_requests(timeline.lag.longest_ms()))
        if speed != timeline.speed:
            set_speed(speed)
