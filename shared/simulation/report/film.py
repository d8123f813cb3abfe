"""What moved where, small enough for a page: whole numbers, a sample when there is too much of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.simulation.city.orders import End, Order
from shared.simulation.city.places import Places
from shared.simulation.city.records import Ignore, Leg
from shared.simulation.day import World

DRIVERS = 100
"""Drivers on a film at most; of their orders all are shown, of the others none."""

DAY_S = 86_400.0
GRID = 4_000
"""Positions are whole numbers from 0 to this along the longer side of the map."""

CROP = (1.0, 99.0)
"""The grid spans these percentiles of all points."""

ENDS = {None: 0, End.DELIVERED: 0, End.RETURNED: 1, End.CANCELLED: 2}


@dataclass(frozen=True, slots=True)
class Film:
    """Times are whole seconds since `began`, positions cells of a `wide` by `high` grid with 0 at the lower left. A few
    far points lie outside of it, so that most of the map is where most happens.

    kilometre  cells to a kilometre
    stores   [x, y]
    drivers  [on, off, [departed, arrived, x, y, to x, to y, kind, …]]: kind is 0 to a store, 1 to a door, 2 back
    orders   [placed, picked, ended, store x, store y, door x, door y, end]: end is 0 delivered, 1 returned, 2 cancelled
    """

    began: int
    length: int
    kilometre: float
    wide: int
    high: int
    stores: list[list[int]]
    drivers: list[list[int | list[int]]]
    orders: list[list[int]]
    note: str


Move = tuple[int, int, float, float, Sequence[float], Sequence[float]]
"""driver, kind, departed, arrived, origin, destination; points as (east, north) in metres."""

Delivery = tuple[float, float, float, Sequence[float], Sequence[float], int]
"""placed, picked, ended, store, door, end"""


def develop(
    stores: Floats, shifts: dict[int, tuple[float, float]], moves: Sequence[Move], orders: Sequence[Delivery], note: str
) -> Film:
    """Lay everything on the grid. `stores` float64[n, 2]; times are seconds."""
    points = np.array([*stores.tolist(), *(m[4] for m in moves), *(m[5] for m in moves)], dtype=np.float64)
    low, high = np.percentile(points, CROP, axis=0)
    scale = GRID / max(float((high - low).max()), 1e-9)
    began = min((o[0] for o in orders), default=0.0)

    def at(point: Sequence[float]) -> list[int]:
        return [round((float(value) - float(least)) * scale) for value, least in zip(point, low, strict=True)]

    of_driver: dict[int, list[int]] = defaultdict(list)
    for driver, kind, departed, arrived, origin, destination in sorted(moves, key=lambda move: move[2]):
        times = (round(departed - began), round(arrived - began))
        of_driver[driver] += [*times, *at(origin), *at(destination), kind]
    ended = max((o[2] for o in orders), default=began)
    return Film(
        began=round(began),
        length=round(ended - began),
        kilometre=1_000.0 * scale,
        wide=round(float(high[0] - low[0]) * scale),
        high=round(float(high[1] - low[1]) * scale),
        stores=[at(store) for store in stores.tolist()],
        drivers=[
            [round(shifts[driver][0] - began), round(shifts[driver][1] - began), legs]
            for driver, legs in sorted(of_driver.items())
        ],
        orders=[
            [*(round(moment - began) for moment in (placed, picked, over)), *at(store), *at(door), end]
            for placed, picked, over, store, door, end in sorted(orders, key=lambda order: order[0])
        ],
        note=note,
    )


KINDS = {"pickup": 0, "door": 1, "return": 2}


@dataclass(slots=True, eq=False)
class CityFilm(Ignore):
    """Films the first day of a region of a city, of every so manieth driver."""

    places: Places
    fleet: int
    region: int
    regions: int
    _moves: list[Move] = field(default_factory=list)
    _orders: list[Delivery] = field(default_factory=list)
    _shifts: dict[int, tuple[float, float]] = field(default_factory=dict)

    def leg(self, leg: Leg) -> None:
        if self._shows(leg.driver) and leg.departed < DAY_S:
            origin, destination = (self.places.city.metres(*point) for point in (leg.origin, leg.destination))
            self._moves.append((leg.driver, KINDS[leg.kind], leg.departed, leg.arrived, origin, destination))

    def order(self, order: Order) -> None:
        if order.driver >= 0 and self._shows(order.driver) and order.placed < DAY_S:
            metres = self.places.city.metres
            store, door = metres(order.lat, order.lng), metres(order.door_lat, order.door_lng)
            self._orders.append((order.placed, order.picked or order.ended, order.ended, store, door, ENDS[order.end]))

    def shift(self, driver: int, began: float, ended: float) -> None:
        if self._shows(driver):
            self._shifts[driver] = began, ended

    def film(self) -> Film | None:
        """None when nobody drove."""
        if not self._moves:
            return None
        metres = self.places.city.metres
        stores = np.column_stack(metres(self.places.lat, self.places.lng))
        return develop(stores, self._shifts, self._moves, self._orders, self._note())

    def _shows(self, driver: int) -> bool:
        return driver % self._stride == 0

    @property
    def _stride(self) -> int:
        return -(-self.fleet // DRIVERS)

    def _note(self) -> str:
        part = f"Region {self.region + 1} of {self.regions}. " if self.regions > 1 else ""
        sample = f"One in {self._stride} drivers is shown, with all of their orders. " if self._stride > 1 else ""
        return f"{part}{sample}Ways are drawn straight."


def film_of_day(world: World) -> Film | None:
    """Of a public day: all couriers and orders. None when nothing was delivered."""
    instance = world.instance
    if not world.routes:
        return None
    stores = len(instance.order)
    moves: list[Move] = []
    for move in world.moves:
        arrived = move.departed + float(world.roads.minutes(move.origin, move.destination))
        kind = 1 if move.destination < stores else 0
        ends = (instance.points[move.origin].tolist(), instance.points[move.destination].tolist())
        moves.append((move.courier, kind, move.departed * 60, arrived * 60, *ends))
    orders: list[Delivery] = []
    for route in world.routes:
        for order, dropped in zip(route.orders, route.dropped, strict=True):
            store = instance.points[int(instance.store_point(order))].tolist()
            times = (float(instance.placed[order]) * 60, route.picked * 60, dropped * 60)
            orders.append((*times, store, instance.points[order].tolist(), 0))
    shifts = {
        c: (float(on) * 60, float(off) * 60) for c, (on, off) in enumerate(zip(instance.on, instance.off, strict=True))
    }
    return develop(
        instance.points[stores : stores + len(instance.store)], shifts, moves, orders, "Ways are drawn straight."
    )
