"""The event loop: who knows what when, and what a decision does to a courier's day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.instance import Instance, Roads


class BrokenRule(ValueError):
    """A policy gave an order that the rules of the problem forbid."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A courier, and orders of one store in the sequence of their doors."""

    courier: int
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """What an assignment came to; minutes. `dropped` has one time per order."""

    assigned: float
    picked: float
    courier: int
    orders: tuple[int, ...]
    dropped: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One leg of a courier between two points."""

    courier: int
    departed: float
    origin: int
    destination: int


@dataclass(slots=True, eq=False)
class World:
    """The state of a day. A policy may read it, but of orders only those in `open`: nobody knows the others yet.

    now      minutes
    open     int64, known orders that nobody has been sent for
    free_at  float64[couriers], when each is free next: on-time at first; minutes
    at       int64[couriers], rows of the instance's points where each is free next
    served   int64[couriers], orders given to each so far
    """

    instance: Instance
    roads: Roads
    now: float
    open: Ints
    free_at: Floats
    at: Ints
    served: Ints
    routes: list[Route] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @classmethod
    def dawn(cls, instance: Instance, *, exact: bool) -> World:
        """Before anything has happened."""
        couriers = len(instance.courier)
        return cls(
            instance,
            Roads(instance.points, instance.m_per_min, exact),
            now=0.0,
            open=np.empty(0, dtype=np.int64),
            free_at=instance.on.copy(),
            at=instance.home_point(np.arange(couriers)),
            served=np.zeros(couriers, dtype=np.int64),
        )


Policy = Callable[[World], list[Assignment]]
"""What to order now: each courier must be free, and leaves at once."""


def play(instance: Instance, policy: Policy, *, exact: bool = False, foresight: float = 0.0) -> World:
    """The day from the first order on, until the last courier is off. Raises BrokenRule.

    A decision is taken every whole minute and whenever a courier gets free between two. With `foresight`, minutes, orders are
    known so long before they are placed: against the rules of the problem, to see what not knowing them costs.
    """
    world = World.dawn(instance, exact=exact)
    world.now = max(float(np.floor(instance.placed[0] - foresight)), 0.0) if len(instance.order) else 0.0
    last, known = float(instance.off.max(initial=0.0)), 0
    while world.now <= last:
        heard = int(np.searchsorted(instance.placed, world.now + foresight, side="right"))
        world.open = np.concatenate((world.open, np.arange(known, heard)))
        known = heard
        if len(world.open):
            for assignment in policy(world):
                carry_out(world, assignment)
        soon = world.free_at[world.free_at > world.now]
        world.now = min(float(np.floor(world.now)) + 1.0, float(soon.min(initial=np.inf)))
    return world


def carry_out(world: World, assignment: Assignment) -> None:
    """Send a courier off: to the store, to the doors, free again at the last. Raises BrokenRule."""
    instance, courier, orders = world.instance, assignment.courier, np.array(assignment.orders)
    _check(world, courier, orders)
    clock, at = world.now, int(world.at[courier])
    store = int(instance.store_point(int(orders[0])))
    picked = clock + float(world.roads.minutes(at, store)) + instance.pickup_min / 2
    picked = max(picked, float(instance.ready[orders].max()))
    if picked > instance.off[courier]:
        raise BrokenRule(f"{instance.courier[courier]} would pick up at {picked}, after the end of the shift")
    world.moves.append(Move(courier, clock, at, store))
    clock, at, dropped = picked + instance.pickup_min / 2, store, []
    for order in assignment.orders:
        world.moves.append(Move(courier, clock, at, order))
        dropped.append(clock + float(world.roads.minutes(at, order)) + instance.dropoff_min / 2)
        clock, at = dropped[-1] + instance.dropoff_min / 2, order
    world.routes.append(Route(world.now, picked, courier, assignment.orders, tuple(dropped)))
    world.free_at[courier], world.at[courier] = clock, at
    world.served[courier] += len(orders)
    world.open = world.open[~np.isin(world.open, orders)]


def _check(world: World, courier: int, orders: Ints) -> None:
    instance = world.instance
    if not len(orders) or len(np.unique(orders)) < len(orders) or not np.isin(orders, world.open).all():
        raise BrokenRule(f"orders {orders.tolist()} are not all open, or one is named twice")
    if len(np.unique(instance.sold_by[orders])) > 1:
        raise BrokenRule("a bundle holds orders of one store")
    if world.free_at[courier] > world.now:
        raise BrokenRule(f"{instance.courier[courier]} is under way or not on yet")
