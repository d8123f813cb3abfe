"""From a city's state to the arrays that a tick sees; every column means what `shared.dispatch.snapshot` reads."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine import Drivers, Jobs, Problem, Region
from shared.dispatch.engine.columns import Ints
from shared.simulation.city.board import Board
from shared.simulation.city.fleet import Fleet

SEEN_FROM_S = 600.0
"""A driver's pay per online hour counts as 0 before this, as in the product."""


def snapshot(board: Board, slots: Ints, fleet: Fleet, idle: Ints, now: float) -> Problem:
    """`slots`: of the open orders without a live offer; `idle` int64[d]: rows of the drivers who may be asked."""
    drivers = _drivers(fleet, idle, now)
    median = float(np.median(drivers.paid_rate)) if len(drivers) else 0.0
    nowhere = np.empty(0)
    region = Region(now % 86_400.0 / 3_600.0, median, nowhere, nowhere, busy_drivers=fleet.busy)
    return Problem(_jobs(board, slots, now), drivers, region, excluded=_excluded(board, slots, idle, now))


def _jobs(board: Board, slots: Ints, now: float) -> Jobs:
    column = board.columns(slots)
    # The truth is known once the goods are ready; before that, only the merchant's estimate.
    ready = np.where(column["ready"] <= now, column["ready"], column["expected"])
    return Jobs(
        id=slots.astype(np.str_),
        pickup_lat=column["lat"],
        pickup_lng=column["lng"],
        dropoff_lat=column["door_lat"],
        dropoff_lng=column["door_lng"],
        ready_s=ready - now,
        promised_s=column["promised"] - now,
        carry_s=np.full(len(slots), np.nan),
        payout_minor=column["payout_minor"].astype(np.int64),
        attempts=column["attempts"].astype(np.int64),
        restricted=column["restricted"] > 0,
        age_s=now - column["opens"],
        zone=np.full(len(slots), -1),
        refusal_rate=column["refusal_rate"],
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
        # As of drivers who never failed: nobody in a made-up city has to be relieved of an order.
        failure_rate=0.2 / (fleet.accepted[idle] + 10),
        paid_rate=np.where(
            online_s < SEEN_FROM_S, 0.0, fleet.earned_minor[idle] * 3_600.0 / np.maximum(online_s, SEEN_FROM_S)
        ),
        shift_left_s=fleet.off[idle] - now,
        documents_left_s=np.full(count, np.inf),
        zone=np.full(count, -1),
    )


def _excluded(board: Board, slots: Ints, idle: Ints, now: float) -> Ints:
    """int64[n, 2]: pairs whose last offer failed a short while ago."""
    tried = [(slot, driver) for slot, o in board.tried() for driver, until in o.cooling.items() if until > now]
    if not tried or not len(idle):
        return np.zeros((0, 2), dtype=np.int64)
    slot, driver = np.array(tried, dtype=np.int64).T
    place = np.searchsorted(idle, driver).clip(max=len(idle) - 1)
    there = idle[place] == driver
    return np.column_stack((np.searchsorted(slots, slot[there]), place[there]))
