"""Tasks: what a driver is to do for an order. An order is always locked before its task."""

from pg8000.native import DatabaseError

from shared.dispatch import outcomes, rules
from shared.dispatch.states import FREEING, TaskStatus
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound
from shared.kernel.roles import Actor
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Step
from shared.storage import outbox
from shared.storage.connection import UNIQUE_VIOLATION, Row, sqlstate
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
        pickup_lat=order.pickup.lat,
        pickup_lng=order.pickup.lng,
        dropoff_lat=order.dropoff.lat,
        dropoff_lng=order.dropoff.lng,
        open_from=max(work.now, row["ready_expected_at"] - rules.DISPATCH_LEAD),
        ready_at=row["ready_expected_at"],
        promised_at=row["promised_until"],
        restricted=row["restricted"],
        store_id=row["store_id"],
        payout_minor=rules.payout_minor(order.pickup.distance_m(order.dropoff)),
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
    """Raises TaskNotPossibleNow, GoodsNotReady."""
    order, task = lock(work, task_id)
    rules.advance(TaskStatus(task["status"]), TaskStatus.CARRYING)
    decision = order_rules.pick_up(order.facts)
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
    outcomes.done(work, task, order.row["store_id"])


def turn_back(work: Work, order: Order) -> str:
    """The delivery failed: the same driver carries the goods back. Gives the return task's id."""
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
    return task_id


def cancel(work: Work, order: Order) -> None:
    """Take the order's task back from whoever has it or its offer."""
    row = work.one(_LIVE_OF_ORDER, order_id=order.id)
    if row is None:
        return
    move(work, row, TaskStatus.CANCELLED)
    revoke(work, row, "task_cancelled")


def revoke(work: Work, task: Row, reason: str) -> None:
    """Take back the task's live offer, if there is one."""
    for offer in work.run(_REVOKE, task_id=task["task_id"], reason=reason, now=work.now):
        tell_driver(work, offer["driver_id"], task["region_id"], "offer_ended", offer_id=offer["offer_id"])


def release(work: Work, order: Order, reason: str, actor: Actor) -> Order:
    """Take the order's task from a driver who has not fetched the goods: it is open again, to everybody else.

    Raises NotPossibleNow.
    """
    decision = order_rules.release_driver(order.facts, reason=reason)
    task = work.run(_LIVE_OF_ORDER, order_id=order.id)[0]
    rules.advance(TaskStatus(task["status"]), TaskStatus.OPEN)
    work.run(_RELEASE, task_id=task["task_id"], now=work.now)
    told = {"task_id": task["task_id"], "order_id": order.id, "status": "released"}
    tell_driver(work, task["driver_id"], task["region_id"], "free", **told)
    return orders.apply(work, order, decision, actor)


def of_driver(work: Work, driver_id: str) -> list[Row]:
    """What a driver has: the task on live offer (`offer_id` set) and the task in hand, each joined with its store's name."""
    return work.run(_OF_DRIVER, driver_id=driver_id, now=work.now)


def places_left(work: Work, task_id: str) -> list[tuple[float, float]]:
    """(lat, lng) of where the driver is and of the stops that are left. Raises TaskNotPossibleNow once there are none."""
    row = work.run(_PLACES, task_id=task_id)[0]
    here, pickup, dropoff = ((row[f"{name}lat"], row[f"{name}lng"]) for name in ("", "pickup_", "dropoff_"))
    stops = {TaskStatus.ASSIGNED: [pickup, dropoff], TaskStatus.AT_PICKUP: [dropoff], TaskStatus.CARRYING: [dropoff]}
    left = stops.get(TaskStatus(row["status"]))
    if left is None:
        raise rules.TaskNotPossibleNow(
            f"The task is {row['status']}: there is no way left.", current_status=row["status"]
        )
    return [here, *left]


def move(work: Work, task: Row, target: TaskStatus) -> Row:
    """One step of the machine; the driver's app hears of it. Raises TaskNotPossibleNow."""
    rules.advance(TaskStatus(task["status"]), target)
    changed = work.run(_MOVE, task_id=task["task_id"], expected=task["status"], status=target.value, now=work.now)[0]
    if changed["driver_id"] is not None:
        told = {"task_id": task["task_id"], "order_id": task["order_id"], "status": target.value}
        type = "free" if target in FREEING else "task"
        tell_driver(work, changed["driver_id"], task["region_id"], type, **told)
    return changed


def assign(
    work: Work,
    order: Order,
    task: Row,
    driver_id: str,
    payout_minor: int,
    *,
    actor: Actor | None = None,
    reason: str = "",
) -> Row:
    """Give an open task to a driver, who took it, or by order of an `actor` with a `reason`.

    Raises DriverBusy when the driver holds another.
    """
    try:
        changed = work.run(
            _ASSIGN, task_id=task["task_id"], driver_id=driver_id, payout_minor=payout_minor, now=work.now
        )[0]
    except DatabaseError as error:
        if sqlstate(error) == UNIQUE_VIOLATION and "tasks_one_at_a_time" in str(error):
            raise rules.DriverBusy("Finish the task in hand first. Your next offer comes by itself.") from None
        raise
    decision = order_rules.decide(
        order.facts, Step.ASSIGN_DRIVER, {"task_id": task["task_id"]} | ({"forced": reason} if reason else {}),
        driver_id=driver_id, task_id=task["task_id"], stuck_reason=None,
    )  # fmt: skip
    orders.apply(work, order, decision, actor or Actor("driver", driver_id))
    tell_driver(
        work, driver_id, task["region_id"], "task", task_id=task["task_id"], order_id=order.id, status="assigned"
    )
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
        dropoff_lng, open_from, ready_at, promised_at, restricted, refusal_rate, payout_minor, currency, created_at, updated_at)
    VALUES (:task_id, :order_id, :region_id, :kind, :status, :driver_id, :pickup_lat, :pickup_lng, :dropoff_lat,
        :dropoff_lng, :open_from, :ready_at, :promised_at, :restricted,
        CASE WHEN CAST(:restricted AS boolean) AND :kind = 'delivery' THEN {outcomes.REFUSAL_RATE} ELSE 0 END,
        :payout_minor, :currency, :now, :now)
"""

_GOODS_READY = """
    UPDATE tasks SET ready_at = :now, open_from = least(open_from, :now), updated_at = :now
    WHERE order_id = :order_id AND kind = 'delivery' AND status IN ('open', 'assigned', 'at_pickup')
"""

_PLACES = """
    SELECT t.status, t.pickup_lat, t.pickup_lng, t.dropoff_lat, t.dropoff_lng, p.lat, p.lng
    FROM tasks t JOIN driver_positions p USING (driver_id) WHERE t.task_id = :task_id
"""

_MOVE = """
    UPDATE tasks SET status = :status, updated_at = :now
    WHERE task_id = :task_id AND status = :expected
    RETURNING *
"""

_ASSIGN = """
    UPDATE tasks SET status = 'assigned', driver_id = :driver_id, payout_minor = :payout_minor, updated_at = :now
    WHERE task_id = :task_id AND status = 'open'
    RETURNING *
"""

_RELEASE = """
    WITH relieved AS (
        UPDATE offers SET reason = 'released' WHERE task_id = :task_id AND status = 'accepted'
    ), failed AS (
        UPDATE drivers SET tasks_failed = tasks_failed + 1 FROM tasks t
        WHERE t.task_id = :task_id AND drivers.driver_id = t.driver_id
    )
    UPDATE tasks SET status = 'open', driver_id = NULL, attempts = attempts + 1, open_from = least(open_from, :now),
        updated_at = :now
    WHERE task_id = :task_id
"""

_LIVE_OF_ORDER = """
    SELECT * FROM tasks
    WHERE order_id = :order_id AND status IN ('open', 'assigned', 'at_pickup', 'carrying', 'at_dropoff')
    FOR UPDATE
"""

_HELD_OF_ORDER = """
    SELECT * FROM tasks WHERE order_id = :order_id AND status IN ('carrying', 'at_dropoff') FOR UPDATE
"""

_REVOKE = """
    UPDATE offers SET status = 'revoked', reason = :reason, ended_at = :now
    WHERE task_id = :task_id AND status = 'offered'
    RETURNING offer_id, driver_id
"""

_OF_DRIVER = """
    SELECT t.*, s.store_name, o.offer_id, o.expires_at, o.payout_minor AS offered_minor
    FROM offers o JOIN tasks t USING (task_id) JOIN orders s ON s.order_id = t.order_id
    WHERE o.driver_id = :driver_id AND o.status = 'offered' AND o.expires_at > :now
    UNION ALL
    SELECT t.*, s.store_name, NULL, NULL, NULL
    FROM tasks t JOIN orders s ON s.order_id = t.order_id
    WHERE t.driver_id = :driver_id AND t.status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff')
"""
