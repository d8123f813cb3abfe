"""How far a delivery has come and when it will be at the door. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.errors import Conflict
from shared.kernel.positions import Position
from shared.orders.states import TERMINAL, Status
from shared.routing.geo import travel_time_s

AT_STORE_S = 120
"""What fetching the goods takes once they are ready, seconds."""

ON_THE_WAY = frozenset({Status.DISPATCHED, Status.PICKED_UP, Status.ARRIVED, Status.DOORSTEP_PASSED})


class NotDispatchedYet(Conflict):
    code, title = "not_dispatched_yet", "No driver has the order yet"


@dataclass(frozen=True, slots=True)
class Progress:
    """`eta_at` is None once there is nothing to wait for; `percent` is the share of the whole time that has passed."""

    eta_at: datetime | None
    percent: int


def check_dispatched(status: Status) -> None:
    """Raises NotDispatchedYet, also for an order that ended before a driver had it."""
    if status not in ON_THE_WAY | {Status.DELIVERED, Status.REFUSED, Status.RETURNED}:
        raise NotDispatchedYet(
            f"The order is {status}. Follow GET …/stream: it tells when a driver has taken it.",
            current_status=status.value,
        )


def progress(
    status: Status, *, driver: Position | None, pickup: Position, dropoff: Position, ready_at: datetime | None,
    created_at: datetime, now: datetime,
) -> Progress:  # fmt: skip
    """`ready_at` is when the goods are, or are expected to be, ready; an unknown driver's place counts as the store's."""
    if status in TERMINAL or status == Status.REFUSED:
        return Progress(None, 100)
    if status in (Status.ARRIVED, Status.DOORSTEP_PASSED):
        return Progress(now, 99)
    place = driver or pickup
    if status == Status.DISPATCHED:
        at_store = now + timedelta(seconds=travel_time_s(place.distance_m(pickup)))
        leaves = max(at_store, ready_at or at_store) + timedelta(seconds=AT_STORE_S)
        eta_at = leaves + timedelta(seconds=travel_time_s(pickup.distance_m(dropoff)))
    else:
        eta_at = now + timedelta(seconds=travel_time_s(place.distance_m(dropoff)))
    passed, whole = now - created_at, eta_at - created_at
    return Progress(eta_at, min(99, int(100 * passed / whole)) if whole > timedelta() else 99)
