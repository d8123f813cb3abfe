"""Offers: accepted, rejected or run out. The partial unique indexes make a second live offer impossible.

An offer is for a task alone, for all tasks of a planned trip, or for a task that is to join its driver's trip. Whichever of
its tasks the driver names, it is answered as a whole.
"""

from shared.dispatch import rules, tasks, trips
from shared.dispatch.states import OfferStatus, TaskStatus
from shared.dispatch.trips import Together
from shared.kernel.roles import PLATFORM
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.storage.connection import Row
from shared.storage.work import Work


def accept(work: Work, task_id: str, driver_id: str) -> Row:
    """Take a live offer with everything in it, or nothing; the first one wins. Gives the task.

    Raises AlreadyAssigned, OfferEnded, DriverBusy, TripChanged.
    """
    together = trips.lock(work, task_id)
    offer = _answerable(work, together, driver_id, in_time=True)
    _end(work, offer, OfferStatus.ACCEPTED, None)
    taken = tasks.assign(work, together, _covered(together, offer), offer["trip_id"], driver_id, offer["payout_minor"])
    return next(task for task in taken if task["task_id"] == task_id)


def reject(work: Work, task_id: str, driver_id: str, reason: str) -> Row:
    """Decline a live offer; what is in it goes to someone else. Gives the task. Raises AlreadyAssigned, OfferEnded."""
    together = trips.lock(work, task_id)
    offer = _answerable(work, together, driver_id, in_time=False)
    _give_up(work, together, offer, OfferStatus.REJECTED, reason)
    return work.run(_TASK, task_id=task_id)[0]


def expire(work: Work, offer_id: str) -> bool:
    """End one offer whose time has run out. False when it is over already, or not due yet."""
    found = work.one(_OFFER, offer_id=offer_id)
    if found is None:
        return False
    together = trips.lock(work, found["task_id"])
    offer = work.one(_OFFER, offer_id=offer_id)
    if offer is None or offer["status"] != OfferStatus.OFFERED or offer["expires_at"] > work.now:
        return False
    _give_up(work, together, offer, OfferStatus.EXPIRED, "not_answered")
    return True


def overdue(work: Work, limit: int) -> list[str]:
    """Live offers past their time, for the sweeper."""
    return [row["offer_id"] for row in work.run(_OVERDUE, now=work.now, limit=limit)]


def _answerable(work: Work, together: Together, driver_id: str, *, in_time: bool) -> Row:
    """The latest offer to this driver that the asked task is part of. Raises AlreadyAssigned, OfferEnded."""
    asked = together.asked
    offer = work.one(_LATEST, task_id=asked["task_id"], driver_id=driver_id)
    if offer is None:
        raise rules.AlreadyAssigned("This task is not on offer to you. Your offers come by your stream.")
    rules.check_acceptance(
        TaskStatus(asked["status"]),
        asked["driver_id"],
        OfferStatus(offer["status"]),
        offer["expires_at"] if in_time else None,
        driver_id,
        work.now,
    )
    return offer


def _covered(together: Together, offer: Row) -> list[Row]:
    """The tasks that an offer is for."""
    return [
        task
        for task in together.tasks
        if task["status"] == TaskStatus.OPEN
        and (task["task_id"] == offer["task_id"] or task["trip_id"] == offer["trip_id"])
    ]


def _give_up(work: Work, together: Together, offer: Row, status: OfferStatus, reason: str) -> None:
    """The offer failed: its tasks ask for more, and after too many failures an operator is told."""
    _end(work, offer, status, reason)
    covered = _covered(together, offer)
    tasks.tell_driver(
        work, offer["driver_id"], offer["region_id"], "offer_ended", offer_id=offer["offer_id"], status=status.value
    )
    for task in work.run(_FAILED_ATTEMPT, task_ids=[task["task_id"] for task in covered], now=work.now):
        if task["attempts"] == rules.MAX_ATTEMPTS:
            order = together.orders[task["order_id"]]
            data = {"task_id": task["task_id"], "attempts": task["attempts"]}
            decision = order_rules.note(order.facts, "no_driver_found", data, stuck_reason="no_driver_accepts")
            orders.apply(work, order, decision, PLATFORM)


def _end(work: Work, offer: Row, status: OfferStatus, reason: str | None) -> None:
    work.run(
        _END,
        offer_id=offer["offer_id"],
        status=status.value,
        reason=reason,
        accepted=int(status == OfferStatus.ACCEPTED),
        now=work.now,
    )


_LATEST = """
    SELECT offer_id, task_id, trip_id, driver_id, region_id, status, expires_at, payout_minor FROM offers
    WHERE driver_id = :driver_id
      AND (task_id = :task_id OR trip_id IN (SELECT trip_id FROM trip_tasks WHERE task_id = :task_id))
    ORDER BY offer_id DESC LIMIT 1
"""
_OFFER = """
    SELECT offer_id, task_id, trip_id, driver_id, region_id, status, expires_at FROM offers WHERE offer_id = :offer_id
"""
_TASK = "SELECT * FROM tasks WHERE task_id = :task_id"
_OVERDUE = """
    SELECT offer_id FROM offers WHERE status = 'offered' AND expires_at <= :now
    ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_END = """
    WITH ended AS (
        UPDATE offers SET status = :status, reason = :reason, ended_at = :now
        WHERE offer_id = :offer_id AND status = 'offered'
        RETURNING driver_id
    )
    UPDATE drivers SET offers_sent = offers_sent + 1, offers_accepted = offers_accepted + CAST(:accepted AS integer)
    FROM ended WHERE drivers.driver_id = ended.driver_id
"""
_FAILED_ATTEMPT = """
    UPDATE tasks SET attempts = attempts + 1, updated_at = :now WHERE task_id = ANY(CAST(:task_ids AS text[]))
    RETURNING task_id, order_id, attempts
"""
