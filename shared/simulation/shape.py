"""How the times of a public day are distributed, for its charts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.day import World
from shared.simulation.metrics import floor

LONGEST_MIN = 120
DAY_MIN = 1_440
QUARTER_MIN = 15
MOST = 6


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """ctd, floor    int64[120] orders by minute, the last open
    busy, online  float64[96] couriers, means over each quarter of an hour of the day
    bundles       int64[6] routes by their orders (from one), the last open
    """

    ctd: Ints
    floor: Ints
    busy: Floats
    online: Floats
    bundles: Ints

    def __add__(self, other: Shape) -> Shape:
        return Shape(
            self.ctd + other.ctd,
            self.floor + other.floor,
            self.busy + other.busy,
            self.online + other.online,
            self.bundles + other.bundles,
        )


def shape(world: World) -> Shape:
    instance = world.instance
    order = np.array([o for route in world.routes for o in route.orders], dtype=np.int64)
    dropped = np.array([minute for route in world.routes for minute in route.dropped])
    ended = np.array([r.dropped[-1] + instance.dropoff_min / 2 for r in world.routes])
    sizes = np.array([len(route.orders) for route in world.routes], dtype=np.int64)
    return Shape(
        ctd=_by_minute(dropped - instance.placed[order]),
        floor=_by_minute(floor(instance, world.roads)),
        busy=_at_once(np.array([r.departed for r in world.routes]), ended),
        online=_at_once(instance.on, instance.off),
        bundles=np.bincount(np.minimum(sizes, MOST) - 1, minlength=MOST),
    )


def _by_minute(minutes: Floats) -> Ints:
    return np.bincount(np.clip(minutes, 0, LONGEST_MIN - 1).astype(np.int64), minlength=LONGEST_MIN)


def _at_once(began: Floats, ended: Floats) -> Floats:
    """float64[96]: how many intervals there are at once, on average over each quarter; what is after midnight is left out."""
    edges = np.arange(0, DAY_MIN, QUARTER_MIN)[:, None]
    overlap = np.minimum(ended, edges + QUARTER_MIN) - np.maximum(began, edges)
    return np.asarray(np.maximum(overlap, 0.0).sum(axis=1) / QUARTER_MIN)
