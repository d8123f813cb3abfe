"""The machines of a task, a trip and an offer, one table each; `cloudrun states` prints them into docs/states.md."""

from enum import StrEnum


class TaskStatus(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    AT_PICKUP = "at_pickup"
    CARRYING = "carrying"
    AT_DROPOFF = "at_dropoff"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TripStatus(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    DONE = "done"
    DISSOLVED = "dissolved"


class OfferStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


HELD = (TaskStatus.ASSIGNED, TaskStatus.AT_PICKUP, TaskStatus.CARRYING, TaskStatus.AT_DROPOFF)
"""A task in any of these belongs to an active trip, and a driver has one such trip at a time."""

ENDING = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})
"""With these a trip may have come to its end. A delivery that failed goes on as a return."""

TASK_TRANSITIONS: dict[TaskStatus, tuple[TaskStatus, ...]] = {
    TaskStatus.OPEN: (TaskStatus.ASSIGNED, TaskStatus.CANCELLED),
    TaskStatus.ASSIGNED: (TaskStatus.AT_PICKUP, TaskStatus.OPEN, TaskStatus.CANCELLED),
    TaskStatus.AT_PICKUP: (TaskStatus.CARRYING, TaskStatus.OPEN, TaskStatus.CANCELLED),
    TaskStatus.CARRYING: (TaskStatus.AT_DROPOFF, TaskStatus.FAILED, TaskStatus.DONE),
    TaskStatus.AT_DROPOFF: (TaskStatus.DONE, TaskStatus.FAILED),
    TaskStatus.DONE: (),
    TaskStatus.FAILED: (),
    TaskStatus.CANCELLED: (),
}
"""Back to OPEN: an operator takes the task from a driver who has not fetched the goods.

A return task starts CARRYING, and is done when the store confirms it, arrived or not."""

TRIP_TRANSITIONS: dict[TripStatus, tuple[TripStatus, ...]] = {
    TripStatus.PLANNED: (TripStatus.ACTIVE, TripStatus.DISSOLVED),
    TripStatus.ACTIVE: (TripStatus.DONE, TripStatus.DISSOLVED),
    TripStatus.DONE: (),
    TripStatus.DISSOLVED: (),
}
"""A planned trip is dissolved when it is planned anew or one of its orders ends; an active one when it ends with nothing
delivered or brought back."""

OFFER_TRANSITIONS: dict[OfferStatus, tuple[OfferStatus, ...]] = {
    OfferStatus.OFFERED: (OfferStatus.ACCEPTED, OfferStatus.REJECTED, OfferStatus.EXPIRED, OfferStatus.REVOKED),
    OfferStatus.ACCEPTED: (),
    OfferStatus.REJECTED: (),
    OfferStatus.EXPIRED: (),
    OfferStatus.REVOKED: (),
}
