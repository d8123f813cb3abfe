"""The multiplier of the delivery fee, in basis points, from how demand compares with supply. Pure.

It is 1.0 while the drivers suffice, grows with the shortage up to the region's limit, and moves by a tenth a minute at
most, so that two customers who order one after the other see about the same price.
"""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.orders.surge import NONE_BPS

DELIVERIES_PER_DRIVER = 1.2
"""What a driver delivers in the half hour that the forecast covers."""

NEIGHBOUR_SHARE = 0.5
"""How much the orders and drivers of the next zone count: they are minutes away."""

SLOPE = 0.5
"""Each order per driver too many adds half the fee."""

STEP_BPS = 1_000
"""Largest change per minute."""

DEAD_BAND_BPS = 500
"""A smaller change than this is not worth unsettling a price, except the last one back to none."""

GRAIN_BPS = 500
"""Multipliers are shown as 1.05, 1.10, …"""


def pressure(demand: Floats, supply: Floats, neighbours: Ints) -> Floats:
    """float64[zones]: orders per delivery that the zone's drivers and its neighbours' can make; 1 is just enough.

    One delivery more than there are drivers for is taken for granted: an order alone in an empty zone is no shortage.
    """
    orders, drivers = _with_neighbours(demand, neighbours), _with_neighbours(supply, neighbours)
    pressures: Floats = orders / (DELIVERIES_PER_DRIVER * drivers + 1.0)
    return pressures


def target_bps(pressures: Floats, limit_bps: int) -> Ints:
    """int64[zones]: the multiplier that a pressure deserves, from 1.0 to the limit."""
    wanted = NONE_BPS * (1.0 + SLOPE * np.maximum(pressures - 1.0, 0.0))
    grains: Floats = np.floor(np.minimum(wanted, limit_bps) / GRAIN_BPS + 1e-9)
    return np.maximum(grains * GRAIN_BPS, NONE_BPS).astype(np.int64)


def next_bps(previous: Ints, target: Ints, limit_bps: int) -> Ints:
    """int64[zones]: one minute's step from the previous multiplier towards its target; the limit holds at once."""
    change = target - previous
    held = (np.abs(change) <= DEAD_BAND_BPS) & (target > NONE_BPS)
    moved = previous + np.where(held, 0, np.clip(change, -STEP_BPS, STEP_BPS))
    return np.minimum(moved, limit_bps)


def _with_neighbours(values: Floats, neighbours: Ints) -> Floats:
    total = values.copy()
    first, second = neighbours[:, 0], neighbours[:, 1]
    np.add.at(total, first, NEIGHBOUR_SHARE * values[second])
    np.add.at(total, second, NEIGHBOUR_SHARE * values[first])
    return total
