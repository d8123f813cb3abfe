"""Tasks: what a driver is to do for an order. An order is always locked before its task; see `trips` for several at once."""

import json
from collections.abc import Sequence
from datetime import timedelta

from shared.dispatch import outcomes, rules, trips
from shared.dispatch.states import ENDING, TaskStatus
from shared.dispatch.trips import Together
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound
from shared.kernel.roles import Actor
from shared.orders import clearance, eta, learnt
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Step
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work


def open_delivery(work: Work, order: Order) -> None:
    """The delivery of an accepted order, open to dispatch shortly before the goods are ready."""
    row = order.row
    work.run(
        _INSERT,
        task_id=work.new_id("tsk"),
        order_id=order.id,
        region_id=row["region_id"],
        kind="delivery",
        status=TaskStatus.OPEN.value,
        driver_id=None,
        trip_id=None,
        pickup_lat=order.pickup.lat,
        pickup_lng=order.pickup.lng,
        dropoff_lat=order.dropoff.lat,
        dropoff_lng=order.dropoff.lng,
        open_from=max(work.now, row["ready_expected_at"] - rules.DISPATCH_LEAD),
        ready_at=row["ready_expected_at"],
        promised_at=row["promised_until"],
        restricted=row["restricted"],
        store_id=row["store_id"],
        payout_minor=rules.payout_minor(order.pickup.distance_m(order.dropoff)) + row["driver_surge_minor"],
        currency=row["currency"],
        now=work.now,
    )


def goods_ready(work: Work, order: Order) -> None:
    """The goods are ready, perhaps before time: dispatch may start at once."""
    work.run(_GOODS_READY, order_id=order.id, now=work.now)


def arrive_pickup(work: Work, task_id: str) -> Row:
    order, task = lock(work, task_id)
    changed = move(work, task, TaskStatus.AT_PICKUP)
    orders.apply(work, order, order_rules.note(order.facts, "driver_at_store", {"task_id": task_id}), _driver(task))
    return changed


def pick_up(work: Work, task_id: str) -> Row:
    """Raises TaskNotPossibleNow, GoodsNotReady, GateRefused."""
    order, task = lock(work, task_id)
    rules.advance(TaskStatus(task["status"]), TaskStatus.CARRYING)
    way = eta.at_pickup(order.pickup.distance_m(order.dropoff), learnt.at_pickup(work, order.row["region_id"]))
    with clearance.refusals_recorded(work, order.id, _driver(task)):
        answers = clearance.at_pickup(work, order, task["driver_id"])
        decision = order_rules.pick_up(order.facts, answers, eta_at=work.now + timedelta(seconds=way.likely_s))
    changed = move(work, task, TaskStatus.CARRYING)
    orders.apply(work, order, decision, _driver(task))
    return changed


def arrive_dropoff(work: Work, task_id: str) -> Row:
    """At the customer's door, or with a return back at the store."""
    order, task = lock(work, task_id)
    changed = move(work, task, TaskStatus.AT_DROPOFF)
    if task["kind"] == "delivery":
        decision = order_rules.decide(order.facts, Step.ARRIVE)
    else:
        decision = order_rules.note(order.facts, "driver_back_at_store", {"task_id": task_id})
    orders.apply(work, order, decision, _driver(task))
    return changed


def finish(work: Work, order: Order) -> None:
    """The order's held task is done, and its driver has earned the payout."""
    task = _held(work, order)
    move(work, task, TaskStatus.DONE)
    outcomes.done(work, task, order)


def turn_back(work: Work, order: Order) -> str:
    """The delivery failed: the same driver carries the goods back, after the trip's other stops. Gives the return task's id."""
    failed = _held(work, order)
    move(work, failed, TaskStatus.FAILED)
    outcomes.refused(work, failed, order.row["store_id"])
    task_id = work.new_id("tsk")
    work.run(
        _INSERT,
        task_id=task_id,
        order_id=order.id,
        region_id=failed["region_id"],
        kind="return",
        status=TaskStatus.CARRYING.value,
        driver_id=failed["driver_id"],
        trip_id=failed["trip_id"],
        pickup_lat=failed["dropoff_lat"],
        pickup_lng=failed["dropoff_lng"],
        dropoff_lat=failed["pickup_lat"],
        dropoff_lng=failed["pickup_lng"],
        open_from=work.now,
        ready_at=work.now,
        promised_at=work.now,
        restricted=failed["restricted"],
        store_id=order.row["store_id"],
        payout_minor=failed["payout_minor"],
        currency=failed["currency"],
        now=work.now,
    )
    trips.add_return(work, failed, task_id)
    return task_id


def cancel(work: Work, order: Order) -> None:
    """Take the order's task back from whoever has it or its offer. What else is on the trip stays with its driver."""
    unplan(work, order)
    row = work.one(_LIVE_OF_ORDER, order_id=order.id)
    if row is None:
        return
    move(work, row, TaskStatus.CANCELLED)
    revoke(work, row, "task_cancelled")


def unplan(work: Work, order: Order) -> None:
    """Take the order's open task out of the trip it is planned with, and that trip's offer back."""
    for offer in trips.unplan(work, order.id):
        tell_driver(work, offer["driver_id"], offer["region_id"], "offer_ended", offer_id=offer["offer_id"])


def revoke(work: Work, task: Row, reason: str) -> None:
    """Take back the task's live offer, if there is one."""
    for offer in work.run(_REVOKE, task_id=task["task_id"], reason=reason, now=work.now):
        tell_driver(work, offer["driver_id"], task["region_id"], "offer_ended", offer_id=offer["offer_id"])


def move(work: Work, task: Row, target: TaskStatus) -> Row:
    """One step of the machine; the driver's app hears of it. Raises TaskNotPossibleNow."""
    rules.advance(TaskStatus(task["status"]), target)
    changed = work.run(_MOVE, task_id=task["task_id"], expected=task["status"], status=target.value, now=work.now)[0]
    if changed["driver_id"] is not None:
        told = {"task_id": task["task_id"], "order_id": task["order_id"], "status": target.value}
        freed = target in ENDING and trips.close(work, changed["trip_id"])
        tell_driver(work, changed["driver_id"], task["region_id"], "free" if freed else "task", **told)
    return changed


def assign(
    work: Work,
    together: Together,
    tasks: Sequence[Row],
    offer_trip_id: str | None,
    driver_id: str,
    payout_minor: int,
    *,
    actor: Actor | None = None,
    reason: str = "",
) -> list[Row]:
    """Give open tasks to a driver, who took them, or by order of an `actor` with a `reason`; all or none.

    `offer_trip_id` is the trip they are planned as, or that they join. Raises DriverBusy, OfferEnded.
    """
    trip_id = trips.start(work, offer_trip_id, tasks, driver_id)
    payouts = rules.shared_minor(payout_minor, [task["payout_minor"] for task in tasks])
    shares = [{"task_id": task["task_id"], "payout_minor": share} for task, share in zip(tasks, payouts, strict=True)]
    changed = work.run(_ASSIGN, trip_id=trip_id, driver_id=driver_id, shares=json.dumps(shares), now=work.now)
    for task in changed:
        order = together.orders[task["order_id"]]
        decision = order_rules.decide(
            order.facts, Step.ASSIGN_DRIVER,
            {"task_id": task["task_id"], "trip_id": trip_id} | ({"forced": reason} if reason else {}),
            driver_id=driver_id, task_id=task["task_id"], stuck_reason=None,
        )  # fmt: skip
        orders.apply(work, order, decision, actor or Actor("driver", driver_id))
        told = {"task_id": task["task_id"], "order_id": order.id, "status": "assigned"}
        tell_driver(work, driver_id, task["region_id"], "task", **told)
    return changed


def tell_driver(work: Work, driver_id: str, region_id: str, type: str, **data: str | int) -> None:
    """A message for the driver's stream, and for dispatch, which may have a driver free again."""
    body = {"driver_id": driver_id, "region_id": region_id, "type": type, "at": rfc3339(work.now), **data}
    outbox.put(work, outbox.DRIVER_EVENTS, driver_id, body)


def lock(work: Work, task_id: str) -> tuple[Order, Row]:
    """An order and its task, in that order, so that no two changes ever wait for each other in a circle."""
    found = work.one(_ORDER_OF, task_id=task_id)
    if found is None:
        raise NotFound.of("task", task_id)
    order = orders.load(work, found["order_id"])
    return order, work.run(_LOCK, task_id=task_id)[0]


def _held(work: Work, order: Order) -> Row:
    return work.run(_HELD_OF_ORDER, order_id=order.id)[0]


def _driver(task: Row) -> Actor:
    return Actor("driver", task["driver_id"])


_ORDER_OF = "SELECT order_id FROM tasks WHERE task_id = :task_id"
_LOCK = "SELECT * FROM tasks WHERE task_id = :task_id FOR UPDATE"
_INSERT = f"""
    INSERT INTO tasks (task_id, order_id, region_id, kind, status, driver_id, pickup_lat, pickup_lng, dropoff_lat,
        dropoff_lng, open_from, ready_at, promised_at, restricted, refusal_rate, payout_minor, currency, created_at, updated_at,
        trip_id)
    VALUES (:task_id, :order_id, :region_id, :kind, :status, :driver_id, :pickup_lat, :pickup_lng, :dropoff_lat,
        :dropoff_lng, :open_from, :ready_at, :promised_at, :restricted,
        CASE WHEN CAST(:restricted AS boolean) AND :kind = 'delivery' THEN {outcomes.REFUSAL_RATE} ELSE 0 END,
        :payout_minor, :currency, :now, :now, :trip_id)
"""

_GOODS_READY = """
    UPDATE tasks SET ready_at = :now, open_from = least(open_from, :now), updated_at = :now
    WHERE order_id = :order_id AND kind = 'delivery' AND status IN ('open', 'assigned', 'at_pickup')
"""

_MOVE = """
    UPDATE tasks SET status = :status, updated_at = :now
    WHERE task_id = :task_id AND status = :expected
    RETURNING *
"""

_ASSIGN = """
    UPDATE tasks SET status = 'assigned', driver_id = :driver_id, trip_id = :trip_id, payout_minor = s.payout_minor,
        updated_at = :now
    FROM jsonb_to_recordset(CAST(:shares AS jsonb)) AS s(task_id text, payout_minor bigint)
    WHERE tasks.task_id = s.task_id AND tasks.status = 'open'
    RETURNING tasks.*
"""

_LIVE_OF_ORDER = """
    SELECT * FROM tasks
    WHERE order_id = :order_id AND status IN ('open', 'assigned', 'at_pickup', 'carrying', 'at_dropoff')
    FOR UPDATE
"""

_HELD_OF_ORDER = """
    SELECT t.* FROM trips p JOIN tasks t USING (trip_id)
    WHERE t.order_id = :order_id AND t.status IN ('carrying', 'at_dropoff') FOR UPDATE
"""

_REVOKE = """
    UPDATE offers SET status = 'revoked', reason = :reason, ended_at = :now
    WHERE task_id = :task_id AND status = 'offered'
    RETURNING offer_id, driver_id
"""
