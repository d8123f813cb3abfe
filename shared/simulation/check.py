"""An independent reading of the rules: the instance and the three solution files in, every broken rule out.

Shares nothing with the simulator but the reading of tab-separated files, so that one cannot hide the other's mistake.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.simulation.files import table

EPSILON = 1e-6
"""Minutes that floating point may be off."""

Point = tuple[float, float]

Leg = tuple[float, str, str]
"""When a courier departed, from where and whereto, by name; 0 is where the courier goes on."""


class InvalidSolution(RuntimeError):
    """A solution that was written breaks a rule of the problem: a fault of the simulator or its policy."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of the assignments file."""

    assigned: float
    picked: float
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """An instance, by name, and what is allowed on it."""

    orders: dict[str, dict[str, str]]
    stores: frozenset[str]
    couriers: dict[str, dict[str, str]]
    point: dict[str, Point]
    m_per_min: float
    pickup_half: float
    dropoff_half: float
    exact: bool
    prepositioning: bool
    updates: bool

    def minutes(self, a: Point, b: Point) -> float:
        minutes = math.dist(a, b) / self.m_per_min
        return minutes if self.exact else math.ceil(minutes - EPSILON)

    def way(self, courier: str, origin: str, destination: str) -> float:
        """Minutes between names of the solution files, in which 0 is where the courier goes on."""
        return self.minutes(self.point[courier if origin == "0" else origin], self.point[destination])


def check(
    instance: Path, solution: Path, *, exact: bool = False, prepositioning: bool = False, updates: bool = False
) -> list[str]:
    """A sentence for each broken rule; none for a valid solution. The last two say which allowances it may use."""
    facts = _facts(instance, exact=exact, prepositioning=prepositioning, updates=updates)
    visits: dict[str, list[Visit]] = defaultdict(list)
    for assigned, picked, courier, *orders in _rows(solution / "solution_info_assignments.txt"):
        visits[courier].append(Visit(float(assigned), float(picked), tuple(orders)))
    doors = {name: row for name, *row in _rows(solution / "solution_info_orders.txt")}
    legs: dict[str, deque[Leg]] = defaultdict(deque)
    for courier, departed, origin, destination in _rows(solution / "solution_info_couriers.txt"):
        legs[courier].append((float(departed), origin, destination))
    problems = list(_once(visits, doors))
    for courier in sorted(set(visits) | set(legs)):
        problems += _courier(facts, courier, sorted(visits[courier], key=lambda v: v.assigned), doors, legs[courier])
    return problems


def _facts(folder: Path, *, exact: bool, prepositioning: bool, updates: bool) -> Facts:
    orders, stores, couriers = (table(folder / f"{name}.txt") for name in ("orders", "restaurants", "couriers"))
    [parameters] = table(folder / "instance_parameters.txt")
    named = [(row["order"], row) for row in orders] + [(row["restaurant"], row) for row in stores]
    named += [(row["courier"], row) for row in couriers]
    return Facts(
        {row["order"]: row for row in orders},
        frozenset(row["restaurant"] for row in stores),
        {row["courier"]: row for row in couriers},
        {name: (float(row["x"]), float(row["y"])) for name, row in named},
        float(parameters["meters_per_minute"]),
        float(parameters["pickup service minutes"]) / 2,
        float(parameters["dropoff service minutes"]) / 2,
        exact,
        prepositioning,
        updates,
    )


def _rows(file: Path) -> list[list[str]]:
    return [line.split() for line in file.read_text().splitlines()[1:]]


def _once(visits: dict[str, list[Visit]], doors: dict[str, list[str]]) -> Iterator[str]:
    seen: set[str] = set()
    for order in (order for listed in visits.values() for visit in listed for order in visit.orders):
        if order in seen:
            yield f"{order} is assigned twice"
        if order not in doors:
            yield f"{order} is assigned, but missing from the orders file"
        seen.add(order)
    yield from (f"{order} is in the orders file, but never assigned" for order in sorted(set(doors) - seen))


def _courier(
    facts: Facts, courier: str, visits: list[Visit], doors: dict[str, list[str]], legs: deque[Leg]
) -> Iterator[str]:
    """Walk through one courier's day; what the files say must be exactly what follows from the rules."""
    where, free = "0", float(facts.couriers[courier]["on_time"])
    for visit in visits:
        says = f"{courier} at {visit.assigned:g}"
        while facts.prepositioning and len(legs) > 1 and legs[0][2] in facts.stores and legs[1][2] in facts.stores:
            yield from (f"{courier}: {why}" for why in _preposition(facts, courier, where, free, legs[0]))
            where, free = _after(facts, courier, legs.popleft())
        store = facts.orders[visit.orders[0]]["restaurant"]
        departed = legs[0][0] if facts.updates and legs else visit.assigned
        arrival = departed + facts.way(courier, where, store)
        yield from (f"{says}: {why}" for why in _told(facts, visit, free, departed, arrival))
        yield from (f"{says}: {why}" for why in _pickup(facts, visit, courier, store, arrival))
        expected = [(departed, where, store)]
        clock, where = visit.picked + facts.pickup_half, store
        for order in visit.orders:
            expected.append((clock, where, order))
            clock += facts.way(courier, where, order) + facts.dropoff_half
            yield from (f"{says}: {why}" for why in _door(facts, order, visit.picked, clock, courier, doors))
            clock, where = clock + facts.dropoff_half, order
        free = clock
        found = [legs.popleft() for _ in expected if legs]
        if len(found) != len(expected) or not all(map(_same, found, expected)):
            yield f"{says}: the moves are not those that the assignments ask for"
    while legs:
        yield from (f"{courier}: {why}" for why in _preposition(facts, courier, where, free, legs[0]))
        where, free = _after(facts, courier, legs.popleft())


def _same(a: Leg, b: Leg) -> bool:
    return abs(a[0] - b[0]) <= EPSILON and a[1:] == b[1:]


def _told(facts: Facts, visit: Visit, free: float, departed: float, arrival: float) -> Iterator[str]:
    if departed < free - EPSILON:
        yield "told something before being on, or on the way"
    if abs(visit.assigned - departed) > EPSILON and abs(visit.assigned - arrival) > EPSILON:
        yield "orders decided on neither at the departure nor on arrival"
    if all(departed < float(facts.orders[order]["placement_time"]) - EPSILON for order in visit.orders):
        yield "set out before any of the orders was placed"


def _preposition(facts: Facts, courier: str, where: str, free: float, leg: Leg) -> Iterator[str]:
    """A leg that no assignment asks for."""
    departed, origin, store = leg
    if not facts.prepositioning or store not in facts.stores or origin != where:
        yield "the moves are not those that the assignments ask for"
    if departed < free - EPSILON:
        yield "moved before being on, or on the way"
    if departed > float(facts.couriers[courier]["off_time"]) + EPSILON:
        yield "moved after the end of the shift"


def _after(facts: Facts, courier: str, leg: Leg) -> tuple[str, float]:
    departed, origin, store = leg
    return store, departed + facts.way(courier, origin, store)


def _pickup(facts: Facts, visit: Visit, courier: str, store: str, arrival: float) -> Iterator[str]:
    ready = max(float(facts.orders[order]["ready_time"]) for order in visit.orders)
    if any(facts.orders[order]["restaurant"] != store for order in visit.orders):
        yield "a bundle of several restaurants"
    if any(visit.assigned < float(facts.orders[order]["placement_time"]) for order in visit.orders):
        yield "decided on an order before it was placed"
    if visit.picked < ready - EPSILON:
        yield "picked up before it was ready"
    if visit.picked < arrival + facts.pickup_half - EPSILON:
        yield "picked up sooner than the way allows"
    if visit.picked > float(facts.couriers[courier]["off_time"]) + EPSILON:
        yield "picked up after the end of the shift"


def _door(
    facts: Facts, order: str, picked: float, dropped: float, courier: str, doors: dict[str, list[str]]
) -> Iterator[str]:
    row, fact = doors.get(order), facts.orders[order]
    if row is None:
        return
    expected = (float(fact["placement_time"]), float(fact["ready_time"]), picked, dropped)
    if any(abs(float(a) - b) > EPSILON for a, b in zip(row[:4], expected, strict=True)) or row[4] != courier:
        yield f"{order} is said to be {' '.join(row)}"
