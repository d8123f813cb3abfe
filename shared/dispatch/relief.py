"""Relieving a driver: what is not fetched yet is open to everybody else, what is in hand stays in hand."""

from shared.dispatch import rules, tasks, trips
from shared.dispatch.states import TaskStatus
from shared.dispatch.trips import Together
from shared.kernel.roles import Actor
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.storage.connection import Row
from shared.storage.work import Work


def relieve(work: Work, order_id: str, reason: str, actor: Actor) -> Order:
    """Take an order back from a driver who has not fetched it, and all else of the trip that is not fetched.

    Raises NotPossibleNow, NotFound, TripChanged.
    """
    order = orders.read(work, order_id)
    order_rules.release_driver(order.facts, reason=reason)
    together = trips.lock(work, order.row["task_id"])
    changed = {order_id: _released(work, together, together.asked, reason, actor)}
    for task in together.tasks:
        if task["order_id"] != order_id and task["status"] in (TaskStatus.ASSIGNED, TaskStatus.AT_PICKUP):
            changed[task["order_id"]] = _released(work, together, task, reason, actor)
    asked = together.asked
    type = "free" if trips.close(work, asked["trip_id"]) else "task"
    for released_id in changed:
        tasks.tell_driver(
            work, asked["driver_id"], asked["region_id"], type, order_id=released_id, status="released",
            task_id=next(task["task_id"] for task in together.tasks if task["order_id"] == released_id),
        )  # fmt: skip
    return changed[order_id]


def _released(work: Work, together: Together, task: Row, reason: str, actor: Actor) -> Order:
    order = together.orders[task["order_id"]]
    decision = order_rules.release_driver(order.facts, reason=reason)
    rules.advance(TaskStatus(task["status"]), TaskStatus.OPEN)
    work.run(_RELEASE, task_id=task["task_id"], trip_id=task["trip_id"], now=work.now)
    return orders.apply(work, order, decision, actor)


_RELEASE = """
    WITH relieved AS (
        UPDATE offers SET reason = 'released' WHERE (task_id = :task_id OR trip_id = :trip_id) AND status = 'accepted'
    ), failed AS (
        UPDATE drivers SET tasks_failed = tasks_failed + 1 FROM tasks t
        WHERE t.task_id = :task_id AND drivers.driver_id = t.driver_id
    )
    UPDATE tasks SET status = 'open', driver_id = NULL, trip_id = NULL, attempts = attempts + 1,
        open_from = least(open_from, :now), payout_minor = before.payout_minor, updated_at = :now
    FROM trip_tasks before
    WHERE tasks.task_id = :task_id AND before.task_id = tasks.task_id AND before.trip_id = tasks.trip_id
"""
