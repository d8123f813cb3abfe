"""An operator dispatches by hand: an offer by the same rules, or, with a reason, an order."""

from datetime import timedelta

from shared.dispatch import announcements, rules, tasks
from shared.dispatch.rules import FRESH, OFFER_TTL
from shared.dispatch.trips import Together
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.roles import Actor
from shared.orders import service as orders
from shared.orders.service import Order
from shared.storage.connection import Row
from shared.storage.work import Work

SILENT_AFTER = timedelta(minutes=10)
"""A driver who has an order and was not heard of for so long may be replaced without a reason of the operator's own."""


class NothingToAssign(Conflict):
    code, title = "nothing_to_assign", "The order has no open task"


class DriverNotAvailable(Conflict):
    """`reasons` says what stands in the way; forcing with a reason overrides all but a task in hand."""

    code, title = "driver_not_available", "The driver cannot be offered this now"


def assign(work: Work, order: Order, driver_id: str, *, forced_because: str | None, actor: Actor) -> Order:
    """Offer the order's task to this driver, taking back any other live offer; or give it, whatever the driver says.

    An order that was planned with others is taken out of their trip.

    Raises NothingToAssign, NotFound, DriverNotAvailable, DriverBusy.
    """
    tasks.unplan(work, order)
    task = work.one(_OPEN_TASK, order_id=order.id)
    if task is None:
        raise NothingToAssign("There is no task that waits for a driver. GET the order to see where it is.")
    driver = work.one(
        _DRIVER, driver_id=driver_id, region_id=task["region_id"], now=work.now, fresh_after=work.now - FRESH
    )
    if driver is None:
        raise NotFound.of("driver in this region", driver_id)
    tasks.revoke(work, task, "assigned_by_hand")
    payout_minor = rules.escalated_minor(task["payout_minor"], task["attempts"])
    if forced_because is not None:
        alone = Together({order.id: order}, (task,), task)
        tasks.assign(work, alone, [task], None, driver_id, payout_minor, actor=actor, reason=forced_because)
        return orders.read(work, order.id)
    _check_available(driver)
    _offer(work, task, driver_id, payout_minor)
    return order


def silent_for_long(work: Work, order: Order) -> bool:
    """Whether the order's driver was not heard of for `SILENT_AFTER`."""
    return bool(work.run(_SILENT, driver_id=order.row["driver_id"], before=work.now - SILENT_AFTER)[0]["silent"])


def _check_available(driver: Row) -> None:
    reasons = [
        name for name in ("offline", "stale_position", "shift_over", "documents", "has_offer", "busy") if driver[name]
    ]
    if reasons:
        raise DriverNotAvailable(
            f"In the way: {', '.join(reasons)}. Choose another driver, or force it with a reason.", reasons=reasons
        )


def _offer(work: Work, task: Row, driver_id: str, payout_minor: int) -> None:
    offer_id = work.new_id("ofr")
    work.run(
        _OFFER,
        offer_id=offer_id,
        task_id=task["task_id"],
        order_id=task["order_id"],
        driver_id=driver_id,
        region_id=task["region_id"],
        payout_minor=payout_minor,
        now=work.now,
        expires_at=work.now + OFFER_TTL,
    )
    announcements.of_offer(work, offer_id)


_OPEN_TASK = "SELECT * FROM tasks WHERE order_id = :order_id AND status = 'open' FOR UPDATE"

_DRIVER = """
    SELECT NOT d.online AS offline, coalesce(p.at < :fresh_after, true) AS stale_position,
           coalesce(d.shift_ends_at <= :now, false) AS shift_over,
           coalesce(d.documents_until < CAST(CAST(:now AS timestamptz) AT TIME ZONE r.timezone AS date), false) AS documents,
           EXISTS (SELECT FROM offers o WHERE o.driver_id = d.driver_id AND o.status = 'offered') AS has_offer,
           EXISTS (SELECT FROM trips t WHERE t.driver_id = d.driver_id AND t.status = 'active') AS busy
    FROM drivers d JOIN regions r USING (region_id) LEFT JOIN driver_positions p USING (driver_id)
    WHERE d.driver_id = :driver_id AND d.region_id = :region_id AND d.closed_at IS NULL
"""

_OFFER = """
    INSERT INTO offers (offer_id, task_id, order_id, driver_id, region_id, status, payout_minor, offered_at, expires_at)
    VALUES (:offer_id, :task_id, :order_id, :driver_id, :region_id, 'offered', :payout_minor, :now, :expires_at)
"""

_SILENT = """
    SELECT coalesce(max(at) < :before, true) AS silent FROM driver_positions WHERE driver_id = :driver_id
"""
