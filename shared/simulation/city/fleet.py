"""The drivers of one region and day: one row per shift, most of it written by what happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints, Strings
from shared.simulation.city.demand import DAY_S, busyness
from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.parameters import City
from shared.simulation.city.places import Places

QUARTER_S = 900.0
LEAST_ONLINE = 0.05
"""Of the drivers at the busiest hour, online at any hour."""

AROUND_S = (-2_700.0, 0.0, 1_800.0)
"""Drivers are wanted from before the demand that calls them until its last orders are at the door."""


@dataclass(slots=True, eq=False)
class Fleet:
    """All columns have the shape [shifts]; moments are seconds since the first midnight.

    on, off          the planned shift
    comes            False for a no-show
    lat, lng         where the driver is free next, degrees
    idle             online, and neither an offer nor an order in hand
    sent, accepted   offers so far
    earned_minor     so far
    busy             how many drivers have an order in hand
    """

    id: Strings
    on: Floats
    off: Floats
    comes: Flags
    rating: Floats
    lat: Floats
    lng: Floats
    idle: Flags
    sent: Ints
    accepted: Ints
    earned_minor: Ints
    busy: int = 0

    @classmethod
    def of(cls, city: City, places: Places, draws: Draws, region: int, days: int) -> Fleet:
        on, off = _shifts(city, draws, city.of_region(city.drivers, region), days)
        people = np.arange(len(on))
        lat, lng = places.homes(draws, people)
        return cls(
            id=np.char.add("drv_", people.astype(np.str_)),
            on=on,
            off=off,
            comes=draws.uniform(Source.NO_SHOW, people) >= city.noise.no_show_share,
            rating=4.5 + 0.5 * draws.uniform(Source.RATING, people),
            lat=lat,
            lng=lng,
            idle=np.zeros(len(on), dtype=np.bool_),
            sent=np.zeros(len(on), dtype=np.int64),
            accepted=np.zeros(len(on), dtype=np.int64),
            earned_minor=np.zeros(len(on), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.on)


def _shifts(city: City, draws: Draws, most: int, days: int) -> tuple[Floats, Floats]:
    """Plan shifts so that the number of drivers online follows the demand: (on, off), by the time they begin."""
    shortest, longest = (hours * 3_600.0 for hours in city.noise.shift_h)
    on: list[float] = []
    off: list[float] = []
    for quarter in np.arange(0.0, days * DAY_S, QUARTER_S).tolist():
        wanted = round(most * max(LEAST_ONLINE, float(busyness(quarter + np.array(AROUND_S)).max())))
        there = sum(end > quarter for end in off[-6 * most :])
        coming = np.arange(len(on), len(on) + max(0, max(wanted, 1) - there))
        lengths = shortest + (longest - shortest) * draws.uniform(Source.SHIFT_LENGTH, coming)
        on.extend([quarter] * len(coming))
        off.extend((quarter + lengths).tolist())
    return np.array(on), np.array(off)
