"""What a driver may do with a task or an offer. Pure."""

from datetime import datetime, timedelta

from shared.dispatch.states import TASK_TRANSITIONS, OfferStatus, TaskStatus, TripStatus
from shared.kernel.errors import Conflict

OFFER_TTL = timedelta(seconds=30)
COOL_DOWN = timedelta(minutes=10)
"""A pair that failed is not tried again before."""

MAX_ATTEMPTS = 12
"""Offers for one task before an operator is asked to look."""

FRESH = timedelta(minutes=3)
"""A driver whose last position is older is not offered work.

Not the specified 60 s: a phone that lies still in the background reports each minute or later (the simulated ones, each 45 s),
so that one lost report would hide the very drivers who are free. What silence costs, `Margins.silence_s` prices by the second.
"""

DISPATCH_LEAD = timedelta(minutes=12)
"""How long before the goods are ready a task opens: about what a driver needs to get there."""

BASE_PAYOUT_MINOR = 420
PAYOUT_PER_KM_MINOR = 65
ESCALATION_BPS = 500
"""Added to the payout per failed offer, in basis points of the first payout."""

SHARED_BASE_MINOR = 210
"""What each further order of a trip pays less than alone: half the base, for the way to the store is driven once."""


class AlreadyAssigned(Conflict):
    code, title = "already_assigned", "Another driver has this task"


class OfferEnded(Conflict):
    code, title = "offer_ended", "The offer is over"


class DriverBusy(Conflict):
    code, title = "driver_busy", "One trip at a time"


class TripChanged(Conflict):
    code, title = "trip_changed", "The trip changed"


class TaskNotPossibleNow(Conflict):
    """The task's status does not allow the step; `current_status` and `allowed` say what it allows."""

    code, title = "not_possible_now", "Not possible in the task's present state"


def advance(status: TaskStatus, target: TaskStatus) -> TaskStatus:
    """Raises TaskNotPossibleNow when the machine has no such arrow."""
    if target not in TASK_TRANSITIONS[status]:
        allowed = [following.value for following in TASK_TRANSITIONS[status]]
        hint = f"Next: {', '.join(allowed)}." if allowed else "Nothing more can happen to it."
        raise TaskNotPossibleNow(
            f"The task is {status}, so it cannot become {target}. {hint}", current_status=status.value, allowed=allowed
        )
    return target


def check_acceptance(
    task_status: TaskStatus, task_driver: str | None, offer_status: OfferStatus, expires_at: datetime | None,
    driver_id: str, now: datetime,
) -> None:  # fmt: skip
    """Whether a driver may take a task on the latest offer made to it.

    Raises AlreadyAssigned when another driver has the task or holds its offer, OfferEnded when the driver's own is over.
    """
    if task_driver is not None and task_driver != driver_id:
        raise AlreadyAssigned("Another driver was first. Your next offer comes by itself.")
    if task_status != TaskStatus.OPEN or offer_status != OfferStatus.OFFERED:
        raise OfferEnded(
            f"This offer is {offer_status}. Your next one comes by itself.", current_status=offer_status.value
        )
    if expires_at is not None and expires_at <= now:
        raise OfferEnded("The time to answer has run out. Your next offer comes by itself.", current_status="expired")


def check_joinable(status: TripStatus, *, under_way: bool) -> None:
    """Whether an order may still join its driver's trip: until the first goods are fetched. Raises OfferEnded."""
    if status != TripStatus.ACTIVE or under_way:
        raise OfferEnded("Your trip has gone on without this order. Somebody else brings it.", current_status="revoked")


def payout_minor(distance_m: float) -> int:
    """First payout of a delivery over a crow-fly distance in metres."""
    return BASE_PAYOUT_MINOR + round(distance_m / 1_000 * PAYOUT_PER_KM_MINOR)


def escalated_minor(first_minor: int, attempts: int) -> int:
    """The payout after so many failed offers."""
    return first_minor + first_minor * ESCALATION_BPS * attempts // 10_000


def shared_minor(total_minor: int, first_minor: list[int]) -> list[int]:
    """An offer's payout over its tasks, in proportion to their first payouts; nothing is lost in rounding."""
    whole, shares, given, seen = sum(first_minor), [], 0, 0
    for minor in first_minor:
        seen += minor
        upto = total_minor * seen // whole
        shares.append(upto - given)
        given = upto
    return shares
