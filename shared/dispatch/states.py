"""The machines of a task and of an offer, one table each; `cloudrun states` prints them into docs/states.md."""

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


class OfferStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


HELD = (TaskStatus.ASSIGNED, TaskStatus.AT_PICKUP, TaskStatus.CARRYING, TaskStatus.AT_DROPOFF)
"""A driver has one task in any of these at a time."""

FREEING = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})
"""After these the driver can take another task."""

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

OFFER_TRANSITIONS: dict[OfferStatus, tuple[OfferStatus, ...]] = {
    OfferStatus.OFFERED: (OfferStatus.ACCEPTED, OfferStatus.REJECTED, OfferStatus.EXPIRED, OfferStatus.REVOKED),
    OfferStatus.ACCEPTED: (),
    OfferStatus.REJECTED: (),
    OfferStatus.EXPIRED: (),
    OfferStatus.REVOKED: (),
}
