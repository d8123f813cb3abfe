"""What is true outside the product: places, distances, kitchens, and who stands behind a door."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from infra.market.client import Json
from infra.market.timeline import Timeline
from shared.kernel.clock import rfc3339
from shared.kernel.positions import Position

Tell = Callable[[Json], None]
"""Receives one happening: `{"at", "kind", "order_id", …}`, ids only."""


class Door(StrEnum):
    """Who or what a driver meets at the door; the value is the reason of a refusal."""

    GOOD = "good"
    UNDERAGE = "underage"
    ID_EXPIRED = "id_expired"
    ID_MISMATCH = "id_mismatch"
    NOBODY_HOME = "nobody_home"
    DECLINES = "recipient_declined"


class Intention(StrEnum):
    """How a customer goes about an order."""

    BUY = "buy"
    CANCEL = "cancel"
    CARD_DECLINED = "card_declined"
    SECOND_CARD = "second_card"
    UNDERAGE = "underage"


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight way at even speed; standing still when both ends are one place."""

    start: Position
    end: Position
    departs: datetime
    arrives: datetime

    @classmethod
    def standing(cls, place: Position, since: datetime) -> "Leg":
        return cls(place, place, since, since)

    def at(self, moment: datetime) -> Position:
        duration_s = (self.arrives - self.departs).total_seconds()
        if moment >= self.arrives or duration_s <= 0:
            return self.end
        share = max(0.0, (moment - self.departs).total_seconds() / duration_s)
        return Position(
            self.start.lat + share * (self.end.lat - self.start.lat),
            self.start.lng + share * (self.end.lng - self.start.lng),
        )


def drive(start: Position, end: Position, departs: datetime, m_per_min: float, *, whole_minutes: bool) -> Leg:
    """The leg between two places; `whole_minutes` rounds its time up, as the public instances do."""
    minutes = start.distance_m(end) / m_per_min
    if whole_minutes:
        minutes = math.ceil(minutes - 1e-3)
    return Leg(start, end, departs, departs + timedelta(minutes=minutes))


@dataclass(slots=True)
class World:
    """Shared by all people of a market.

    `ready_at` is when a kitchen will have an order's goods, `doors` who opens for it; orders not named there behave
    ordinarily. `brought_back` is called with (merchant_id, order_id) when a driver stands at the store with returned goods.
    """

    timeline: Timeline
    tell: Tell
    ready_at: dict[str, datetime] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    counters: dict[str, Callable[[str], None]] = field(default_factory=dict)

    def happened(self, kind: str, order_id: str, **more: Any) -> None:
        self.tell({"at": rfc3339(self.timeline.now()), "kind": kind, "order_id": order_id, **more})

    def bring_back(self, merchant_id: str, order_id: str) -> None:
        """Lay returned goods on the counter of the merchant that sold them."""
        self.counters[merchant_id](order_id)


def wire(place: Position) -> Json:
    """A position as the API writes it, to a tenth of a metre."""
    return {"lat": round(place.lat, 6), "lng": round(place.lng, 6)}


def place(document: Json) -> Position:
    return Position(document["lat"], document["lng"])
