"""One order on its way through a simulated day."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Stage(IntEnum):
    """Where an order stands, as far as dispatch is concerned."""

    PREPARING = 0
    OPEN = 1
    OFFERED = 2
    ASSIGNED = 3
    CARRIED = 4
    RETURNING = 5
    ENDED = 6


class End(StrEnum):
    """How an order ends; each ends in exactly one way."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    AGE_CHECK_FAILED = "age_check_failed"


@dataclass(slots=True, eq=False)
class Order:
    """First what chance has laid down for it, then what has become of it. Moments are seconds since the first midnight.

    accepted      by the merchant
    opens         when dispatch hears of it
    ready         when the goods are really ready; until then everybody believes accepted + announced_s
    gives_up      when the customer calls it off, unless it has been picked up
    carry_noise, return_noise   factors on the expected way to the door and back
    refusal_rate  what dispatch thinks the chance of a refusal at the door to be, from what it has seen of the store
    attempts      offers that failed
    pressure      waiting orders per free driver when it was placed
    cooling       drivers whose offer failed, and until when they are not asked again
    """

    number: int
    store: int
    lat: float
    lng: float
    door_lat: float
    door_lng: float
    metres: float
    restricted: bool
    of_age: bool
    refused: bool
    placed: float
    accepted: float
    announced_s: float
    opens: float
    ready: float
    gives_up: float
    pickup_s: float
    doorstep_s: float
    carry_noise: float
    return_noise: float
    first_payout_minor: int
    stage: Stage = Stage.PREPARING
    driver: int = -1
    refusal_rate: float = 0.0
    attempts: int = 0
    payout_minor: int = 0
    offers: int = 0
    cooling: dict[int, float] = field(default_factory=dict)
    eta: float = 0.0
    pressure: float = 0.0
    promised: float = 0.0
    eta_at_pickup: float = 0.0
    assigned: float = 0.0
    at_store: float = 0.0
    picked: float = 0.0
    at_door: float = 0.0
    ended: float = 0.0
    end: End | None = None
