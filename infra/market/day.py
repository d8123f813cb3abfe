"""One day of deliveries: shops, couriers' shifts, orders. Read from a public instance, or made up in the same shape."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from infra.market.world import Door, Intention
from shared.kernel.positions import Position
from shared.simulation.files import Projection, UnreadableInstance, table

OPENS_AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""Minute 0 of every day: nine in the morning of a Friday in Dallas."""


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    position: Position


@dataclass(frozen=True, slots=True)
class Courier:
    name: str
    start: Position
    on_at: datetime
    off_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """`shop` is an index into the day's shops; the goods are ready at `ready_at` whatever the rest of the world does."""

    name: str
    shop: int
    dropoff: Position
    placed_at: datetime
    ready_at: datetime
    intention: Intention = Intention.BUY
    door: Door = Door.GOOD


@dataclass(frozen=True, slots=True)
class Day:
    """`orders` are sorted by placement. `source` says in words where the day is from."""

    source: str
    shops: tuple[Shop, ...]
    couriers: tuple[Courier, ...]
    orders: tuple[PlannedOrder, ...]
    m_per_min: float
    pickup_service: timedelta
    dropoff_service: timedelta

    def first(self, orders: int) -> "Day":
        """The day up to its `orders`-th order, with the couriers who start until the last of them is ready."""
        kept = self.orders[:orders]
        until = max(order.ready_at for order in kept) + timedelta(minutes=30)
        couriers = tuple(courier for courier in self.couriers if courier.on_at <= until)
        return replace(self, couriers=couriers, orders=kept)


def minute(minutes: float) -> datetime:
    return OPENS_AT + timedelta(minutes=minutes)


def read_instance(folder: Path) -> Day:
    """A day of the Meal Delivery Routing Problem's public instances (Reyes et al., 2018). Raises UnreadableInstance."""
    shops, couriers, orders = (table(folder / f"{name}.txt") for name in ("restaurants", "couriers", "orders"))
    [parameters] = table(folder / "instance_parameters.txt")
    try:
        everywhere = [(float(row["x"]), float(row["y"])) for row in (*shops, *couriers, *orders)]
        to = Projection.around(everywhere)
        numbers = {row["restaurant"]: number for number, row in enumerate(shops)}
        planned = [
            PlannedOrder(
                row["order"], numbers[row["restaurant"]], to.position(float(row["x"]), float(row["y"])),
                minute(float(row["placement_time"])), minute(float(row["ready_time"])),
            )
            for row in orders
        ]  # fmt: skip
        return Day(
            source=f"public instance {folder.name}",
            shops=tuple(Shop(row["restaurant"], to.position(float(row["x"]), float(row["y"]))) for row in shops),
            couriers=tuple(
                Courier(
                    row["courier"], to.position(float(row["x"]), float(row["y"])),
                    minute(float(row["on_time"])), minute(float(row["off_time"])),
                )
                for row in couriers
            ),
            orders=tuple(sorted(planned, key=lambda order: order.placed_at)),
            m_per_min=float(parameters["meters_per_minute"]),
            pickup_service=timedelta(minutes=float(parameters["pickup service minutes"])),
            dropoff_service=timedelta(minutes=float(parameters["dropoff service minutes"])),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise UnreadableInstance(f"{folder}: {error!r} is missing or not a number") from error


TROUBLES: tuple[tuple[Intention, Door], ...] = (
    (Intention.BUY, Door.UNDERAGE),
    (Intention.CANCEL, Door.GOOD),
    (Intention.BUY, Door.NOBODY_HOME),
    (Intention.SECOND_CARD, Door.GOOD),
    (Intention.BUY, Door.ID_EXPIRED),
    (Intention.CARD_DECLINED, Door.GOOD),
    (Intention.BUY, Door.DECLINES),
    (Intention.UNDERAGE, Door.GOOD),
)
"""What may go wrong, dealt out in turn."""


def with_trouble(day: Day, seed: int, share: float = 0.05) -> Day:
    """The same day with about `share` of its orders going wrong on purpose, the same ones for the same seed."""
    random, turns = Random(seed), cycle(TROUBLES)
    orders = []
    for order in day.orders:
        if random.random() < share:
            intention, door = next(turns)
            order = replace(order, intention=intention, door=door)
        orders.append(order)
    return replace(day, orders=tuple(orders))
