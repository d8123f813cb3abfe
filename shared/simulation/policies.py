"""The policies that a day can be played with, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling import (
    Decision,
    Demand,
    Fleet,
    Orders,
    Outlook,
    Rolling,
    decide,
    prepositioned,
    updated,
)
from shared.simulation.day import Assignment, Instruction, Policy, Preposition, World
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

    def __call__(self, world: World) -> list[Instruction]:
        self.ways = ways = self.ways or Ways(world)
        updates = self._updates(world, ways)
        orders = np.setdiff1d(world.open, [order for update in updates for order in update.orders])
        outlook = _outlook(world, ways, orders, self.pressure)
        decision = decide(outlook, self.parameters)
        self.pressure = decision.pressure
        departures = [
            Assignment(due.driver, tuple(int(orders[order]) for order in due.orders)) for due in decision.departures
        ]  # fmt: skip
        return [*updates, *departures, *self._moves(world, outlook, decision)]

    def _moves(self, world: World, outlook: Outlook, decision: Decision) -> list[Preposition]:
        if not world.allowances.prepositioning:
            return []
        idle, first = np.array(decision.idle, dtype=np.int64), len(world.instance.order)
        return [
            Preposition(move.driver, move.store - first) for move in prepositioned(outlook, idle, self.parameters)
        ]  # fmt: skip

    def _updates(self, world: World, ways: Ways) -> list[Assignment]:
        """Bundles that have grown, of couriers who are just arriving; each order is added once."""
        updates, left = [], world.open
        for courier, route in world.arrived().items() if len(left) else ():
            orders = np.concatenate((left, np.array(route.orders)))
            held = tuple(range(len(left), len(orders)))
            rows = updated(_outlook(world, ways, orders, self.pressure), courier, held, self.parameters)
            if rows != held:
                bundle = tuple(int(orders[row]) for row in rows)
                updates.append(Assignment(courier, bundle))
                left = np.setdiff1d(left, bundle)
        return updates


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


def _outlook(world: World, ways: Ways, orders: Ints, pressure: float) -> Outlook:
    instance, now = world.instance, world.now
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
