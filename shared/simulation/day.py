"""The event loop: who knows what when, and what a decision does to a courier's day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.instance import Instance, Roads


class BrokenRule(ValueError):
    """A policy gave an order that the rules of the problem forbid."""


@dataclass(frozen=True, slots=True)
class Allowances:
    """What a day may permit beyond the plain rules.

    prepositioning  an idle courier may be sent to a store without orders, and takes no instruction on the way
    updates         orders of the store may be added to, or taken from, the bundle of a courier who is just arriving there
    """

    prepositioning: bool = False
    updates: bool = False


PLAIN = Allowances()
"""Neither."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A courier, and orders of one store in the sequence of their doors.

    To a courier who is just arriving in the store it is an update: these orders take the place of those he came for, of
    which at least one stays.
    """

    courier: int
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preposition:
    """A courier, and the store to go to without orders."""

    courier: int
    store: int


@dataclass(frozen=True, slots=True)
class Route:
    """What an assignment came to; minutes. `dropped` has one time per order.

    departed  when the courier set out for the store
    assigned  when the orders were decided on: at the departure, or on arrival when they were updated
    """

    departed: float
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
    under_way  of couriers whose bundles may still be updated: when each is in the store, and which of `routes` it is
    """

    instance: Instance
    roads: Roads
    allowances: Allowances
    now: float
    open: Ints
    free_at: Floats
    at: Ints
    served: Ints
    routes: list[Route] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    under_way: dict[int, tuple[float, int]] = field(default_factory=dict)

    def arrived(self) -> dict[int, Route]:
        """By courier, the routes of those who are just arriving in the store: only now, these may be updated."""
        return {courier: self.routes[n] for courier, (at, n) in self.under_way.items() if at == self.now}

    @classmethod
    def dawn(cls, instance: Instance, *, exact: bool, allowances: Allowances = PLAIN) -> World:
        """Before anything has happened."""
        couriers = len(instance.courier)
        return cls(
            instance,
            Roads(instance.points, instance.m_per_min, exact),
            allowances,
            now=0.0,
            open=np.empty(0, dtype=np.int64),
            free_at=instance.on.copy(),
            at=instance.home_point(np.arange(couriers)),
            served=np.zeros(couriers, dtype=np.int64),
        )


Instruction = Assignment | Preposition

Policy = Callable[[World], Sequence[Instruction]]
"""What to order now: each courier must be free and leaves at once, or must have just arrived in the store."""


def play(
    instance: Instance,
    policy: Policy,
    *,
    exact: bool = False,
    foresight: float = 0.0,
    allowances: Allowances = PLAIN,
) -> World:
    """The day from the first order on, until the last courier is off. Raises BrokenRule.

    A decision is taken every whole minute, and whenever a courier gets free, or arrives to be updated, between two. With
    `foresight`, minutes, orders are known so long before they are placed: against the rules of the problem, to see what
    not knowing them costs.
    """
    world = World.dawn(instance, exact=exact, allowances=allowances)
    world.now = max(float(np.floor(instance.placed[0] - foresight)), 0.0) if len(instance.order) else 0.0
    last, known = float(instance.off.max(initial=0.0)), 0
    while world.now <= last:
        heard = int(np.searchsorted(instance.placed, world.now + foresight, side="right"))
        world.open = np.concatenate((world.open, np.arange(known, heard)))
        known = heard
        if len(world.open) or allowances.prepositioning:
            for instruction in policy(world):
                carry_out(world, instruction)
        world.now = _next_decision(world)
    return world


def _next_decision(world: World) -> float:
    world.under_way = {c: trip for c, trip in world.under_way.items() if trip[0] > world.now}
    soon = float(world.free_at[world.free_at > world.now].min(initial=np.inf))
    arrival = min((at for at, _ in world.under_way.values()), default=np.inf)
    return min(float(np.floor(world.now)) + 1.0, soon, arrival)


def carry_out(world: World, instruction: Instruction) -> None:
    """Send a courier off, or give one who has just arrived another bundle. Raises BrokenRule."""
    if isinstance(instruction, Preposition):
        _preposition(world, instruction)
    elif instruction.courier in world.arrived():
        _update(world, instruction)
    else:
        _send(world, instruction)


def _send(world: World, assignment: Assignment) -> None:
    """To the store, to the doors, free again at the last."""
    courier = assignment.courier
    _check_orders(world, assignment.orders, world.open)
    _check_free(world, courier)
    at, store = int(world.at[courier]), int(world.instance.store_point(assignment.orders[0]))
    arrival = world.now + float(world.roads.minutes(at, store))
    route = _route(world, assignment, world.now, arrival)
    world.moves.append(Move(courier, world.now, at, store))
    if world.allowances.updates:
        world.under_way[courier] = arrival, len(world.routes)
    world.routes.append(route)
    _deliver(world, route)


def _update(world: World, assignment: Assignment) -> None:
    """Other orders of the store for one who has just arrived there; those left behind are open again."""
    _, n = world.under_way.pop(assignment.courier)
    old = world.routes[n]
    known = np.union1d(world.open, old.orders)
    _check_orders(world, assignment.orders, known)
    if set(assignment.orders).isdisjoint(old.orders):
        raise BrokenRule("an update keeps at least one of the orders that the courier came for")
    route = _route(world, assignment, old.departed, world.now)
    world.moves = [m for m in world.moves if m.courier != old.courier or m.departed < old.picked]
    world.open, world.routes[n] = known, route
    world.served[old.courier] -= len(old.orders)
    _deliver(world, route)


def _preposition(world: World, move: Preposition) -> None:
    courier, at = move.courier, int(world.at[move.courier])
    if not world.allowances.prepositioning:
        raise BrokenRule("prepositioning is not allowed on this day")
    _check_free(world, courier)
    if world.now > world.instance.off[courier]:
        raise BrokenRule(f"{world.instance.courier[courier]} is off")
    store = len(world.instance.order) + move.store
    world.moves.append(Move(courier, world.now, at, store))
    world.free_at[courier], world.at[courier] = world.now + float(world.roads.minutes(at, store)), store


def _route(world: World, assignment: Assignment, departed: float, arrival: float) -> Route:
    """What becomes of a courier who is in the store at `arrival`. Raises BrokenRule."""
    instance, at = world.instance, int(world.instance.store_point(assignment.orders[0]))
    picked = max(arrival + instance.pickup_min / 2, float(instance.ready[list(assignment.orders)].max()))
    if picked > instance.off[assignment.courier]:
        name = instance.courier[assignment.courier]
        raise BrokenRule(f"{name} would pick up at {picked}, after the end of the shift")
    clock, dropped = picked + instance.pickup_min / 2, []
    for order in assignment.orders:
        dropped.append(clock + float(world.roads.minutes(at, order)) + instance.dropoff_min / 2)
        clock, at = dropped[-1] + instance.dropoff_min / 2, order
    return Route(departed, world.now, picked, assignment.courier, assignment.orders, tuple(dropped))


def _deliver(world: World, route: Route) -> None:
    """The moves from door to door; the courier is free, and stands, at the last."""
    instance, courier = world.instance, route.courier
    clock, at = route.picked + instance.pickup_min / 2, int(instance.store_point(route.orders[0]))
    for order, dropped in zip(route.orders, route.dropped, strict=True):
        world.moves.append(Move(courier, clock, at, order))
        clock, at = dropped + instance.dropoff_min / 2, order
    world.free_at[courier], world.at[courier] = clock, at
    world.served[courier] += len(route.orders)
    world.open = world.open[~np.isin(world.open, route.orders)]


def _check_orders(world: World, orders: tuple[int, ...], known: Ints) -> None:
    if not orders or len(set(orders)) < len(orders) or not np.isin(orders, known).all():
        raise BrokenRule(f"orders {list(orders)} are not all open, or one is named twice")
    if len(np.unique(world.instance.sold_by[list(orders)])) > 1:
        raise BrokenRule("a bundle holds orders of one store")


def _check_free(world: World, courier: int) -> None:
    if world.free_at[courier] > world.now:
        raise BrokenRule(f"{world.instance.courier[courier]} is under way or not on yet")
