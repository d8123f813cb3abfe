"""What a simulated day leaves behind, told to whoever watches while it happens: nothing is kept that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.prediction.acceptance import Observation
from shared.simulation.city.orders import End, Order

FIRST_MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
"""Where simulated seconds are counted from when they are told as moments."""


class Answer(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(slots=True)
class Offer:
    """One offer and its end. `features` are those the engine saw, in the order of `shared.prediction.acceptance.NAMES`,
    in seconds; `believed` is the engine's p_accept, `willing` the true one; `answer` None while it lives.

    approach_s   the engine's estimate of the way to the store
    drive_s      what the way will really take
    """

    order: Order
    driver: int
    at: float
    answers: float
    variant: str
    features: tuple[float, float, float, float, float, float]
    believed: float
    willing: float
    approach_s: float
    drive_s: float
    decides: Answer
    answer: Answer | None = None
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One straight way of a driver; `kind` is pickup, door or return."""

    driver: int
    kind: str
    departed: float
    arrived: float
    origin: tuple[float, float]
    destination: tuple[float, float]


class Watcher(Protocol):
    """Is told of everything once, when it is over."""

    def order(self, order: Order) -> None: ...

    def offer(self, offer: Offer) -> None: ...

    def leg(self, leg: Leg) -> None: ...

    def work(self, began: float, ended: float) -> None:
        """A driver was busy from an accepted offer until free again."""
        ...

    def shift(self, driver: int, began: float, ended: float) -> None:
        """A driver was online."""
        ...


class Ignore:
    """Watches nothing: what a watcher is made from that wants only some of it."""

    def order(self, order: Order) -> None:
        return

    def offer(self, offer: Offer) -> None:
        return

    def leg(self, leg: Leg) -> None:
        return

    def work(self, began: float, ended: float) -> None:
        return

    def shift(self, driver: int, began: float, ended: float) -> None:
        return


@dataclass(slots=True)
class Kept(Ignore):
    """Keeps every order and offer in memory: for small cities, for learners and tests."""

    orders: list[Order] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    def order(self, order: Order) -> None:
        self.orders.append(order)

    def offer(self, offer: Offer) -> None:
        self.offers.append(offer)


@dataclass(frozen=True, slots=True)
class Preparation:
    """One order's preparation. `hour` is that of its acceptance."""

    store: int
    hour: int
    announced_s: float
    real_s: float


@dataclass(frozen=True, slots=True)
class Travel:
    """One order's way from store to door. `expected_s` is the ETA that the product gave when the driver left."""

    store: int
    hour: int
    metres: float
    expected_s: float
    real_s: float


def observations(offers: Iterable[Offer]) -> list[Observation]:
    """What the acceptance model learns from; offers that were taken back say nothing and are left out."""
    return [
        Observation(FIRST_MIDNIGHT + timedelta(seconds=o.at), o.features, o.answer is Answer.ACCEPTED)
        for o in offers
        if o.answer is not Answer.REVOKED
    ]


def preparations(orders: Iterable[Order]) -> list[Preparation]:
    """Of the orders that were prepared to the end."""
    return [
        Preparation(o.store, hour(o.accepted), o.announced_s, o.ready - o.accepted)
        for o in orders
        if o.end in (End.DELIVERED, End.RETURNED)
    ]


def travels(orders: Iterable[Order]) -> list[Travel]:
    """Of the orders that came to a door."""
    return [
        Travel(o.store, hour(o.picked), o.metres, o.eta_at_pickup - o.picked, o.at_door - o.picked)
        for o in orders
        if o.end in (End.DELIVERED, End.RETURNED)
    ]


def hour(moment: float) -> int:
    return int(moment / 3_600.0) % 24
