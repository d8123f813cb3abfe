"""Which idle drivers might go where, before the orders come: a min-cost flow of spare drivers to zones that lack them. Pure.

The flow is the engine's own: a driver takes the place of a job, a zone that of a driver with as many places as it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.zones.cells import Zoning
from shared.dispatch.zones.surge import DELIVERIES_PER_DRIVER
from shared.routing.haversine import HaversineRouter

REACH_S = 900.0
"""Nobody is asked to drive longer than this for work that is only expected."""

NEXT_DRIVER_S = 60.0
"""Each further driver to the same zone is worth so much less: two short zones get one each before one gets two."""


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Drivers online, all of shape [drivers].

    lat, lng   where the driver is free next, degrees
    zone       the zone of that place, -1 outside all
    idle       without a task and without an offer
    rested     not hinted at for a while
    """

    lat: Floats
    lng: Floats
    zone: Ints
    idle: Flags
    rested: Flags


@dataclass(frozen=True, slots=True)
class Move:
    """A driver and a zone, both by row, and the seconds between them."""

    driver: int
    zone: int
    travel_s: float


def moves(fleet: Fleet, zoning: Zoning, demand: Floats, supply: Floats, underway: Floats, seed: int) -> list[Move]:
    """Who might move now. `underway`, float64[zones], counts the drivers who were pointed to a zone a short while ago."""
    lacking = np.floor(np.maximum(demand / DELIVERIES_PER_DRIVER - supply - underway, 0.0)).astype(np.int64)
    short = np.flatnonzero(lacking)
    able = np.flatnonzero(fleet.idle & fleet.rested)
    if not (len(short) and len(able)):
        return []
    centres = np.column_stack((zoning.lat, zoning.lng))[short]
    travel_s = HaversineRouter().times(np.column_stack((fleet.lat, fleet.lng))[able], centres)
    spared = _spared(fleet.zone[able], travel_s.min(axis=1), demand, supply)
    able, travel_s = able[spared], travel_s[spared]
    driver, zone = np.nonzero(travel_s <= REACH_S)
    # Loads the compiler, which only who solves a flow has to wait for.
    from shared.dispatch.engine.matching import match

    edge_s = travel_s[driver, zone]
    stay_s = np.full(len(able), REACH_S + NEXT_DRIVER_S)
    moved, _ = match(driver, zone, edge_s, stay_s, lacking[short], NEXT_DRIVER_S, seed)
    return [
        Move(int(able[driver[edge]]), int(short[zone[edge]]), float(edge_s[edge])) for edge in np.flatnonzero(moved)
    ]


def _spared(zone: Ints, nearest_s: Floats, demand: Floats, supply: Floats) -> Ints:
    """int64[k]: the drivers whom their zone can do without, those nearest to a shortage first; all who are in no zone."""
    spare = np.append(np.floor(np.maximum(supply - demand / DELIVERIES_PER_DRIVER, 0.0)), np.inf)
    order = np.lexsort((nearest_s, zone))
    ordered = zone[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return order[rank < spare[ordered]]
