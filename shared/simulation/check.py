"""An independent reading of the rules: the instance and the three solution files in, every broken rule out.

Shares nothing with the simulator but the reading of tab-separated files, so that one cannot hide the other's mistake.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.simulation.files import table

EPSILON = 1e-6
"""Minutes that floating point may be off."""

Point = tuple[float, float]


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
    """An instance, by name."""

    orders: dict[str, dict[str, str]]
    couriers: dict[str, dict[str, str]]
    point: dict[str, Point]
    m_per_min: float
    pickup_half: float
    dropoff_half: float
    exact: bool

    def minutes(self, a: Point, b: Point) -> float:
        minutes = math.dist(a, b) / self.m_per_min
        return minutes if self.exact else math.ceil(minutes - EPSILON)


def check(instance: Path, solution: Path, *, exact: bool = False) -> list[str]:
    """A sentence for each broken rule; none for a valid solution."""
    facts = _facts(instance, exact=exact)
    visits: dict[str, list[Visit]] = defaultdict(list)
    for assigned, picked, courier, *orders in _rows(solution / "solution_info_assignments.txt"):
        visits[courier].append(Visit(float(assigned), float(picked), tuple(orders)))
    doors = {name: row for name, *row in _rows(solution / "solution_info_orders.txt")}
    legs: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for courier, *leg in _rows(solution / "solution_info_couriers.txt"):
        legs[courier].append(tuple(leg))
    problems = list(_once(visits, doors))
    for courier, listed in visits.items():
        problems += _courier(facts, courier, sorted(listed, key=lambda v: v.assigned), doors, legs[courier])
    return problems


def _facts(folder: Path, *, exact: bool) -> Facts:
    orders, stores, couriers = (table(folder / f"{name}.txt") for name in ("orders", "restaurants", "couriers"))
    [parameters] = table(folder / "instance_parameters.txt")
    named = [(row["order"], row) for row in orders] + [(row["restaurant"], row) for row in stores]
    named += [(row["courier"], row) for row in couriers]
    return Facts(
        {row["order"]: row for row in orders},
        {row["courier"]: row for row in couriers},
        {name: (float(row["x"]), float(row["y"])) for name, row in named},
        float(parameters["meters_per_minute"]),
        float(parameters["pickup service minutes"]) / 2,
        float(parameters["dropoff service minutes"]) / 2,
        exact,
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
    facts: Facts, courier: str, visits: list[Visit], doors: dict[str, list[str]], legs: list[tuple[str, ...]]
) -> Iterator[str]:
    """Walk through one courier's day; what the files say must be exactly what follows from the rules."""
    row = facts.couriers[courier]
    at, where, free, expected = facts.point[courier], "0", float(row["on_time"]), []
    for visit in visits:
        says = f"{courier} at {visit.assigned:g}"
        if visit.assigned < free - EPSILON:
            yield f"{says}: told something before being on, or on the way"
        store = facts.orders[visit.orders[0]]["restaurant"]
        arrival = visit.assigned + facts.minutes(at, facts.point[store])
        expected.append((visit.assigned, where, store))
        yield from (f"{says}: {why}" for why in _pickup(facts, visit, store, arrival, float(row["off_time"])))
        clock, at, where = visit.picked + facts.pickup_half, facts.point[store], store
        for order in visit.orders:
            expected.append((clock, where, order))
            clock += facts.minutes(at, facts.point[order]) + facts.dropoff_half
            yield from (f"{says}: {why}" for why in _door(facts, order, visit.picked, clock, courier, doors))
            clock, at, where = clock + facts.dropoff_half, facts.point[order], order
        free = clock
    found = [(float(leg[0]), leg[1], leg[2]) for leg in legs]
    if len(found) != len(expected) or any(
        abs(a[0] - b[0]) > EPSILON or a[1:] != b[1:] for a, b in zip(found, expected, strict=True)
    ):
        yield f"{courier}: the moves are not those that the assignments ask for"


def _pickup(facts: Facts, visit: Visit, store: str, arrival: float, off: float) -> Iterator[str]:
    ready = max(float(facts.orders[order]["ready_time"]) for order in visit.orders)
    if any(facts.orders[order]["restaurant"] != store for order in visit.orders):
        yield "a bundle of several restaurants"
    if any(visit.assigned < float(facts.orders[order]["placement_time"]) for order in visit.orders):
        yield "decided on an order before it was placed"
    if visit.picked < ready - EPSILON:
        yield "picked up before it was ready"
    if visit.picked < arrival + facts.pickup_half - EPSILON:
        yield "picked up sooner than the way allows"
    if visit.picked > off + EPSILON:
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
