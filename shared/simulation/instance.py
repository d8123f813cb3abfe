"""One public day of the Meal Delivery Routing Problem (Reyes et al., 2018), as arrays in metres and minutes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.files import UnreadableInstance, table


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A day. Orders are sorted by placement, then by name; minutes count from the start of the day.

    order, store, courier   names, in the order of the rows of the arrays
    points                  float64[orders + stores + couriers, 2], metres: doors, then stores, then on-locations
    sold_by                 int64[orders], rows of `store`
    placed, ready           float64[orders], minutes
    on, off                 float64[couriers], minutes
    m_per_min               the couriers' speed
    pickup_min, dropoff_min service times, minutes
    target, longest         click-to-door wanted and allowed, minutes
    pay_order, pay_hour     pay per order, guaranteed pay per hour
    """

    name: str
    order: tuple[str, ...]
    store: tuple[str, ...]
    courier: tuple[str, ...]
    points: Floats
    sold_by: Ints
    placed: Floats
    ready: Floats
    on: Floats
    off: Floats
    m_per_min: float
    pickup_min: float
    dropoff_min: float
    target: float
    longest: float
    pay_order: float
    pay_hour: float

    def store_point(self, order: int | Ints) -> Ints:
        """Rows of `points` where orders are picked up."""
        return np.asarray(len(self.order) + self.sold_by[order])

    def home_point(self, courier: int | Ints) -> Ints:
        """Rows of `points` where couriers go on."""
        return np.asarray(len(self.order) + len(self.store) + courier)

    def named(self, point: int) -> str:
        """How the solution files call a point: an order, a store, or 0 for an on-location."""
        orders = len(self.order)
        if point < orders:
            return self.order[point]
        return self.store[point - orders] if point < orders + len(self.store) else "0"


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Straight-line travel times between points of an instance, whole minutes rounded up unless `exact`."""

    points: Floats
    m_per_min: float
    exact: bool = False

    def minutes(self, origin: int | Ints, destination: int | Ints) -> Floats:
        """float64, broadcast over rows of `points`."""
        way = self.points[origin] - self.points[destination]
        minutes = np.hypot(way[..., 0], way[..., 1]) / self.m_per_min
        return np.asarray(minutes if self.exact else np.ceil(minutes - 1e-9))


def read(folder: Path) -> Instance:
    """The instance in a folder. Raises UnreadableInstance."""
    orders, stores, couriers = (table(folder / f"{name}.txt") for name in ("orders", "restaurants", "couriers"))
    try:
        [parameters] = table(folder / "instance_parameters.txt")
        orders.sort(key=lambda row: (float(row["placement_time"]), int(row["order"].lstrip("o"))))
        number = {row["restaurant"]: n for n, row in enumerate(stores)}
        return Instance(
            name=folder.name,
            order=tuple(row["order"] for row in orders),
            store=tuple(number),
            courier=tuple(row["courier"] for row in couriers),
            points=np.array([(float(row["x"]), float(row["y"])) for row in (*orders, *stores, *couriers)]),
            sold_by=np.array([number[row["restaurant"]] for row in orders], dtype=np.int64),
            placed=_column(orders, "placement_time"),
            ready=_column(orders, "ready_time"),
            on=_column(couriers, "on_time"),
            off=_column(couriers, "off_time"),
            m_per_min=float(parameters["meters_per_minute"]),
            pickup_min=float(parameters["pickup service minutes"]),
            dropoff_min=float(parameters["dropoff service minutes"]),
            target=float(parameters["target click-to-door"]),
            longest=float(parameters["maximum click-to-door"]),
            pay_order=float(parameters["pay per order"]),
            pay_hour=float(parameters["guaranteed pay per hour"]),
        )
    except (KeyError, ValueError) as error:
        raise UnreadableInstance(f"{folder}: {error!r} is missing or not a number") from error


def _column(rows: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name]) for row in rows])
