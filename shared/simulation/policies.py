"""The policies that a day can be played with, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling import Demand, Fleet, Orders, Outlook, Rolling, decide
from shared.simulation.day import Assignment, Policy, World
from shared.simulation.flow import Flow

UNSEEN = 0.2
"""Orders that each store is believed to have had before the day's first."""


class Ways:
    """Travel times of one day in seconds; those to stores, which are asked for again and again, from a table."""

    def __init__(self, world: World) -> None:
        self.roads, self.first_store = world.roads, len(world.instance.order)
        points, stores = np.arange(len(world.instance.points)), np.arange(len(world.instance.store))
        self.to_store_s = world.roads.minutes(points[:, None], self.first_store + stores[None, :]) * 60.0

    def __call__(self, origin: Ints, destination: Ints) -> Floats:
        store = destination - self.first_store
        if store.size and store.min() >= 0 and store.max() < self.to_store_s.shape[1]:
            return self.to_store_s[origin, store]
        return self.roads.minutes(origin, destination) * 60.0


class RollingHorizon:
    """The engine's rolling decisions: soon-free couriers, bundles, and nothing committed before it has to be."""

    def __init__(self, seed: int = 0, parameters: Rolling | None = None) -> None:
        """It decides without chance; `seed` is taken for the sake of the other policies."""
        self.parameters = parameters or Rolling()
        self.pressure = 0.0
        self.ways: Ways | None = None

    def __call__(self, world: World) -> list[Assignment]:
        self.ways = self.ways or Ways(world)
        decision = decide(_outlook(world, self.ways, self.pressure), self.parameters)
        self.pressure = decision.pressure
        return [
            Assignment(due.driver, tuple(int(world.open[order]) for order in due.orders))
            for due in decision.departures
        ]  # fmt: skip


class Nearest:
    """The plain rule: each order, oldest first, goes at once to the free courier nearest to its store."""

    def __init__(self, seed: int = 0) -> None:
        """It decides without chance; `seed` is taken for the sake of the other policies."""

    def __call__(self, world: World) -> list[Assignment]:
        instance, chosen = world.instance, []
        free = (world.free_at <= world.now) & (instance.off >= world.now)
        for order in world.open.tolist():
            way = world.roads.minutes(world.at, instance.store_point(order))
            pickup = np.maximum(world.now + way + instance.pickup_min / 2, instance.ready[order])
            able = np.flatnonzero(free & (pickup <= instance.off))
            if len(able):
                courier = int(able[np.argmin(way[able])])
                free[courier] = False
                chosen.append(Assignment(courier, (order,)))
        return chosen


policies: dict[str, Callable[[int], Policy]] = {"rolling": RollingHorizon, "flow": Flow, "nearest": Nearest}
"""Each makes a fresh policy for one day from a seed."""


def _outlook(world: World, ways: Ways, pressure: float) -> Outlook:
    instance, now, orders = world.instance, world.now, world.open
    heard = int(np.searchsorted(instance.placed, now, side="right"))
    stores = np.arange(len(instance.store))
    return Outlook(
        orders=Orders(
            store=instance.store_point(orders),
            door=orders,
            ready_s=(instance.ready[orders] - now) * 60.0,
            promised_s=(instance.placed[orders] + instance.target - now) * 60.0,
        ),
        fleet=Fleet(
            point=world.at,
            available_s=np.maximum(world.free_at - now, 0.0) * 60.0,
            off_s=(instance.off - now) * 60.0,
            shortfall=instance.pay_hour * (instance.off - instance.on) / 60.0 / instance.pay_order - world.served,
        ),
        demand=Demand(
            store=len(instance.order) + stores,
            orders=np.bincount(instance.sold_by[:heard], minlength=len(stores)).astype(np.float64) + UNSEEN,
        ),
        travel=ways,
        pickup_s=instance.pickup_min * 60.0,
        dropoff_s=instance.dropoff_min * 60.0,
        pressure=pressure,
    )
