"""What no plan can beat: a lower bound on how far the mean click-to-door stays above the floor, with the whole day known.

Every order is the first of a courier, or follows exactly one other order on the road, and is followed by at most one. So the
cheapest assignment of predecessors to orders, each pair at the least delay that it can mean, bounds the delays of every day
that delivers all orders (an assignment relaxation; Carpaneto and Toth, 1980, for routes). It sees no delay that is passed on.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from shared.dispatch.engine.columns import Floats
from shared.simulation.instance import Instance, Roads
from shared.simulation.metrics import floor

ROUNDS = 4
"""How often the earliest moment at which an order can be done is put up by the delay it must have."""


def least_delay(instance: Instance, roads: Roads, *, early: bool = False) -> float:
    """Minutes above the floor, on the mean of all orders. `early`: couriers may set out for orders not yet placed, as
    prepositioning and updates allow them to."""
    if not len(instance.order):
        return 0.0
    done = instance.placed + floor(instance, roads) + instance.dropoff_min / 2
    delay = np.zeros(len(done))
    for _ in range(ROUNDS):
        delays = _delays(instance, roads, done + delay, early=early)
        delay = delays.min(axis=0)
    before, order = linear_sum_assignment(delays)
    return float(delays[before, order].sum() / len(instance.order))


def _delays(instance: Instance, roads: Roads, done: Floats, *, early: bool) -> Floats:
    """float64[orders + couriers, orders]: the least delay of each order (column) behind each order or courier (row).

    `done` is when the courier of each order can be free of it at the earliest.
    """
    orders = np.arange(len(instance.order))
    free = np.concatenate((done, instance.on))[:, None]
    at = np.concatenate((orders, instance.home_point(np.arange(len(instance.courier)))))
    departure = free if early else np.maximum(free, instance.placed[None, :])
    arrival = departure + roads.minutes(at[:, None], instance.store_point(orders)[None, :])
    delays = np.maximum(arrival + instance.pickup_min / 2 - instance.ready[None, :], 0.0)
    behind = delays[len(orders) :]
    behind[behind + instance.ready[None, :] > instance.off[:, None]] = np.inf
    same = np.minimum(delays[: len(orders)], _carried_together(instance, roads))
    np.fill_diagonal(same, np.inf)
    return np.vstack((same, behind))


def _carried_together(instance: Instance, roads: Roads) -> Floats:
    """float64[orders, orders]: the delay of the second of two orders of one store on one trip; inf for other pairs."""
    orders = np.arange(len(instance.order))
    carry = roads.minutes(instance.store_point(orders), orders)
    wait = np.maximum(instance.ready[:, None] - instance.ready[None, :], 0.0)
    detour = carry[:, None] + instance.dropoff_min + roads.minutes(orders[:, None], orders[None, :]) - carry[None, :]
    return np.where(instance.sold_by[:, None] == instance.sold_by[None, :], wait + detour, np.inf)
