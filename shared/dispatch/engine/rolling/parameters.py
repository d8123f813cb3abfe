"""What may be set about rolling decisions; one set of values for every region, day and hour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rolling:
    """Prices in seconds of delay of one order.

    overdue      for each second at the door beyond the promised time, on top of the delay itself
    busy         for each second a driver is on the way or at a door
    rush         added to `busy` at a pressure of one late order per driver
    worth_s      for taking a driver who stands where every order of the day so far has come from
    spread_s     travel time over which that worth falls to 37 %
    pay_s        for an order that a driver is paid for beyond the guarantee
    hold_s       for leaving an order out of the plan, above its dearest driver
    gain_s       what a bundle must save; below 0, bundles are favoured
    window_s     the goods of one bundle get ready within this time of each other
    horizon_s    drivers who are free, or on, within this time are planned with
    layers       how many jobs ahead of its first one a driver is planned
    near_s       where idle drivers may be moved, a store that is no further than this needs nobody moved to it
    far_s        nor is anybody moved to a store that is further than this
    memory       weight of the pressure so far against that of the newest plan
    """

    overdue: float = 0.8
    busy: float = 0.0
    rush: float = 0.3
    worth_s: float = 600.0
    spread_s: float = 540.0
    pay_s: float = 60.0
    hold_s: float = 12_000.0
    gain_s: float = -60.0
    window_s: float = 1_800.0
    horizon_s: float = 3_600.0
    layers: int = 2
    near_s: float = 240.0
    far_s: float = 1_200.0
    memory: float = 0.5

    def __post_init__(self) -> None:
        if min(self.overdue, self.hold_s, self.window_s, self.horizon_s, self.layers) < 0 or self.spread_s <= 0:
            raise ValueError("overdue, hold_s, window_s, horizon_s and layers not negative, spread_s positive")
        if not 0.0 <= self.near_s <= self.far_s:
            raise ValueError("near_s must not be negative nor above far_s")
        if not 0.0 <= self.memory < 1.0:
            raise ValueError("memory must be from 0 and below 1")
