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
    orders, couriers = np.arange(len(instance.order)), np.arange(len(instance.courier))
    at = np.concatenate((orders, instance.home_point(couriers)))
    way = roads.minutes(at[:, None], instance.store_point(orders)[None, :])
    together = _carried_together(instance, roads)
    done = instance.placed + floor(instance, roads) + instance.dropoff_min / 2
    delay = np.zeros(len(done))
    for _ in range(ROUNDS):
        free = np.concatenate((done + delay, instance.on))
        delays = _apart(instance, way, free, early=early)
        delays[: len(orders)] = np.minimum(delays[: len(orders)], together)
        np.fill_diagonal(delays, np.inf)
        delay = delays.min(axis=0)
    delays = delays[:, np.isfinite(delay)]
    before, order = linear_sum_assignment(delays)
    return float(delays[before, order].sum() / len(orders))


def _apart(instance: Instance, way: Floats, free: Floats, *, early: bool) -> Floats:
    """float64[orders + couriers, orders]: the least delay of each order (column) on a trip after each order, or as the first
    of each courier (row), whose courier is `free` then at the earliest; inf after the end of a shift."""
    departure = free[:, None] if early else np.maximum(free[:, None], instance.placed[None, :])
    pickup = np.maximum(departure + way + instance.pickup_min / 2, instance.ready[None, :])
    delays = pickup - instance.ready[None, :]
    first = len(instance.order)
    delays[first:][pickup[first:] > instance.off[:, None]] = np.inf
    return np.asarray(delays)


def _carried_together(instance: Instance, roads: Roads) -> Floats:
    """float64[orders, orders]: the delay of the second of two orders of one store on one trip; inf for other pairs."""
    orders = np.arange(len(instance.order))
    carry = roads.minutes(instance.store_point(orders), orders)
    wait = np.maximum(instance.ready[:, None] - instance.ready[None, :], 0.0)
    detour = carry[:, None] + instance.dropoff_min + roads.minutes(orders[:, None], orders[None, :]) - carry[None, :]
    return np.where(instance.sold_by[:, None] == instance.sold_by[None, :], wait + detour, np.inf)
