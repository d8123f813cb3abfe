"""Offers: accepted, rejected or run out. The partial unique indexes make a second live offer impossible."""

from shared.dispatch import rules, tasks
from shared.dispatch.states import OfferStatus, TaskStatus
from shared.kernel.roles import PLATFORM
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.storage.connection import Row
from shared.storage.work import Work


def accept(work: Work, task_id: str, driver_id: str) -> Row:
    """Take a task on its live offer; the first one wins. Gives the task.

    Raises AlreadyAssigned, OfferEnded, DriverBusy.
    """
    order, task = tasks.lock(work, task_id)
    offer = work.one(_LATEST, task_id=task_id, driver_id=driver_id)
    rules.check_acceptance(
        TaskStatus(task["status"]),
        task["driver_id"],
        OfferStatus(offer["status"]) if offer else None,
        offer["expires_at"] if offer else None,
        driver_id,
        work.now,
    )
    payout_minor = offer["payout_minor"] if offer else task["payout_minor"]
    _end(work, task_id, driver_id, OfferStatus.ACCEPTED, None)
    return tasks.assign(work, order, task, driver_id, payout_minor)


def reject(work: Work, task_id: str, driver_id: str, reason: str) -> Row:
    """Decline a live offer; the task goes to someone else. Gives the task. Raises AlreadyAssigned, OfferEnded."""
    _order, task = tasks.lock(work, task_id)
    offer = work.one(_LATEST, task_id=task_id, driver_id=driver_id)
    rules.check_acceptance(
        TaskStatus(task["status"]),
        task["driver_id"],
        OfferStatus(offer["status"]) if offer else None,
        None,
        driver_id,
        work.now,
    )
    _give_up(work, task, driver_id, OfferStatus.REJECTED, reason)
    return work.run(_TASK, task_id=task_id)[0]


def expire(work: Work, offer_id: str) -> bool:
    """End one offer whose time has run out. False when it is over already, or not due yet."""
    found = work.one(_OFFER, offer_id=offer_id)
    if found is None:
        return False
    _order, task = tasks.lock(work, found["task_id"])
    offer = work.one(_OFFER, offer_id=offer_id)
    if offer is None or offer["status"] != OfferStatus.OFFERED or offer["expires_at"] > work.now:
        return False
    _give_up(work, task, offer["driver_id"], OfferStatus.EXPIRED, "not_answered")
    return True


def overdue(work: Work, limit: int) -> list[str]:
    """Live offers past their time, for the sweeper."""
    return [row["offer_id"] for row in work.run(_OVERDUE, now=work.now, limit=limit)]


def _give_up(work: Work, task: Row, driver_id: str, status: OfferStatus, reason: str) -> None:
    """The offer failed: the task asks for more, and after too many failures an operator is told."""
    offer_id = _end(work, task["task_id"], driver_id, status, reason)
    attempts = work.run(_FAILED_ATTEMPT, task_id=task["task_id"], now=work.now)[0]["attempts"]
    tasks.tell_driver(work, driver_id, task["region_id"], "offer_ended", offer_id=offer_id, status=status.value)
    if attempts == rules.MAX_ATTEMPTS:
        order = orders.load(work, task["order_id"])
        data = {"task_id": task["task_id"], "attempts": attempts}
        decision = order_rules.note(order.facts, "no_driver_found", data, stuck_reason="no_driver_accepts")
        orders.apply(work, order, decision, PLATFORM)


def _end(work: Work, task_id: str, driver_id: str, status: OfferStatus, reason: str | None) -> str:
    row = work.run(
        _END,
        task_id=task_id,
        driver_id=driver_id,
        status=status.value,
        reason=reason,
        accepted=int(status == OfferStatus.ACCEPTED),
        now=work.now,
    )[0]
    return str(row["offer_id"])


_LATEST = """
    SELECT offer_id, status, expires_at, payout_minor FROM offers
    WHERE task_id = :task_id AND driver_id = :driver_id
    ORDER BY offer_id DESC LIMIT 1
"""
_OFFER = "SELECT offer_id, task_id, driver_id, status, expires_at FROM offers WHERE offer_id = :offer_id"
_TASK = "SELECT * FROM tasks WHERE task_id = :task_id"
_OVERDUE = """
    SELECT offer_id FROM offers WHERE status = 'offered' AND expires_at <= :now
    ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_END = """
    WITH ended AS (
        UPDATE offers SET status = :status, reason = :reason, ended_at = :now
        WHERE task_id = :task_id AND driver_id = :driver_id AND status = 'offered'
        RETURNING offer_id, driver_id
    ), counted AS (
        UPDATE drivers SET offers_sent = offers_sent + 1, offers_accepted = offers_accepted + CAST(:accepted AS integer)
        FROM ended WHERE drivers.driver_id = ended.driver_id
    )
    SELECT offer_id FROM ended
"""
_FAILED_ATTEMPT = (
    "UPDATE tasks SET attempts = attempts + 1, updated_at = :now WHERE task_id = :task_id RETURNING attempts"
)
