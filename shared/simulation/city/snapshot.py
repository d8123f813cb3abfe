"""From a city's state to the arrays that a tick sees; every column means what `shared.dispatch.snapshot` reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shared.dispatch.engine import Drivers, Jobs, Problem, Region
from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.city.fleet import Fleet
from shared.simulation.city.orders import Order

SEEN_FROM_S = 600.0
"""A driver's pay per online hour counts as 0 before this, as in the product."""


def snapshot(waiting: Sequence[Order], fleet: Fleet, idle: Ints, now: float) -> Problem:
    """`waiting`: open orders without a live offer; `idle` int64[d]: rows of the drivers who may be asked."""
    drivers = _drivers(fleet, idle, now)
    median = float(np.median(drivers.paid_rate)) if len(drivers) else 0.0
    nowhere = np.empty(0)
    region = Region(now % 86_400.0 / 3_600.0, median, zone_supply=nowhere, zone_demand=nowhere)
    return Problem(_jobs(waiting, now), drivers, region, excluded=_excluded(waiting, idle, now))


def _jobs(waiting: Sequence[Order], now: float) -> Jobs:
    rows = [
        (o.lat, o.lng, o.door_lat, o.door_lng, o.believed_ready(now) - now, o.promised - now, now - o.opens,
         o.payout_minor, o.attempts, o.restricted)
        for o in waiting
    ]  # fmt: skip
    columns: Floats = np.array(rows, dtype=np.float64).reshape(len(rows), 10).T
    return Jobs(
        id=np.array([o.number for o in waiting]).astype(np.str_),
        pickup_lat=columns[0],
        pickup_lng=columns[1],
        dropoff_lat=columns[2],
        dropoff_lng=columns[3],
        ready_s=columns[4],
        promised_s=columns[5],
        carry_s=np.full(len(rows), np.nan),
        payout_minor=columns[7].astype(np.int64),
        attempts=columns[8].astype(np.int64),
        restricted=columns[9] > 0,
        age_s=columns[6],
        zone=np.full(len(rows), -1),
    )


def _drivers(fleet: Fleet, idle: Ints, now: float) -> Drivers:
    count = len(idle)
    online_s = now - fleet.on[idle]
    nothing = np.zeros(count)
    return Drivers(
        id=fleet.id[idle],
        lat=fleet.lat[idle],
        lng=fleet.lng[idle],
        available_s=nothing,
        capacity=np.ones(count, dtype=np.int64),
        load=np.zeros(count, dtype=np.int64),
        position_age_s=nothing,
        rating=fleet.rating[idle],
        acceptance=(fleet.accepted[idle] + 9) / (fleet.sent[idle] + 10),
        failure_rate=nothing,
        paid_rate=np.where(
            online_s < SEEN_FROM_S, 0.0, fleet.earned_minor[idle] * 3_600.0 / np.maximum(online_s, SEEN_FROM_S)
        ),
        shift_left_s=fleet.off[idle] - now,
        documents_left_s=np.full(count, np.inf),
        zone=np.full(count, -1),
    )


def _excluded(waiting: Sequence[Order], idle: Ints, now: float) -> Ints:
    """int64[n, 2]: pairs whose last offer failed a short while ago."""
    tried = [(job, driver) for job, o in enumerate(waiting) for driver, until in o.cooling.items() if until > now]
    if not tried or not len(idle):
        return np.zeros((0, 2), dtype=np.int64)
    job, driver = np.array(tried, dtype=np.int64).T
    place = np.searchsorted(idle, driver).clip(max=len(idle) - 1)
    there = idle[place] == driver
    return np.column_stack((job[there], place[there]))
