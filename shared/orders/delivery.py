"""How far a delivery has come and when it will be at the door. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.errors import Conflict
from shared.kernel.positions import Position
from shared.orders.eta import Offsets, on_the_way_s
from shared.orders.states import TERMINAL, Status
from shared.routing.geo import travel_time_s

AT_STOP_S = 120
"""What fetching goods takes once they are ready, and what handing them over takes; seconds."""

ON_THE_WAY = frozenset({Status.DISPATCHED, Status.PICKED_UP, Status.ARRIVED, Status.DOORSTEP_PASSED})


class NotDispatchedYet(Conflict):
    code, title = "not_dispatched_yet", "No driver has the order yet"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A stop of the driver before, or at, the customer's door; a store's goods are ready, or expected, at `ready_at`."""

    position: Position
    ready_at: datetime | None = None


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
    status: Status, *, driver: Position | None, way: Sequence[Waypoint], whole_m: float, offsets: Offsets | None,
    created_at: datetime, now: datetime,
) -> Progress:  # fmt: skip
    """`way` leads through every stop that comes first to the customer's own door; an unknown driver counts as at its start.

    `whole_m` are the metres from store to door, `offsets` what was learnt of such ways at this hour.
    """
    if status in TERMINAL or status == Status.REFUSED:
        return Progress(None, 100)
    if status in (Status.ARRIVED, Status.DOORSTEP_PASSED) or not way:
        return Progress(now, 99)
    place, eta_at = driver or way[0].position, now
    for stop in way[:-1]:
        eta_at += timedelta(seconds=travel_time_s(place.distance_m(stop.position)))
        leaves_at = max(eta_at, stop.ready_at or eta_at) + timedelta(seconds=AT_STOP_S)
        place, eta_at = stop.position, leaves_at
    eta_at += timedelta(seconds=on_the_way_s(place.distance_m(way[-1].position), whole_m, offsets))
    passed, whole = now - created_at, eta_at - created_at
    return Progress(eta_at, min(99, int(100 * passed / whole)) if whole > timedelta() else 99)
