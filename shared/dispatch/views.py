"""A task and an offer as drivers see them."""

from datetime import datetime
from typing import Any

from shared.kernel.wire import PositionModel, View
from shared.storage.connection import Row


class TaskView(View):
    id: str
    order_id: str
    kind: str
    status: str
    pickup: PositionModel
    dropoff: PositionModel
    restricted: bool
    payout_minor: int
    currency: str
    ready_at: datetime


class OfferView(View):
    id: str
    task_id: str
    order_id: str
    expires_at: datetime
    payout_minor: int
    currency: str
    pickup: PositionModel
    dropoff: PositionModel
    distance_m: int


class HeldTaskView(TaskView):
    store_name: str


class HintView(View):
    """Where an idle driver might find work sooner. Nobody has to follow it, and nothing is counted against who does not."""

    id: str
    position: PositionModel
    reason: str
    expires_at: datetime


class DriverWorkView(View):
    """What a driver has to decide on, what is in hand, and, with neither, where work is expected."""

    offer: OfferView | None
    task: HeldTaskView | None
    hint: HintView | None


def task(row: Row) -> TaskView:
    return TaskView(**_task(row))


def driver_work(rows: list[Row], hint: Row | None) -> DriverWorkView:
    """From the rows of `tasks.of_driver` and, of an idle driver, `hints.live`."""
    offered = next((row for row in rows if row["offer_id"] is not None), None)
    held = next((row for row in rows if row["offer_id"] is None), None)
    return DriverWorkView(
        offer=_offer(offered) if offered else None,
        task=HeldTaskView(store_name=held["store_name"], **_task(held)) if held else None,
        hint=_hint(hint) if hint else None,
    )


def _hint(row: Row) -> HintView:
    position = PositionModel(lat=row["lat"], lng=row["lng"])
    return HintView(id=row["hint_id"], position=position, reason=row["reason"], expires_at=row["expires_at"])


def _task(row: Row) -> dict[str, Any]:
    plain = {
        name: row[name] for name in ("order_id", "kind", "status", "restricted", "payout_minor", "currency", "ready_at")
    }
    return {"id": row["task_id"], "pickup": _pickup(row), "dropoff": _dropoff(row), **plain}


def _offer(row: Row) -> OfferView:
    pickup, dropoff = _pickup(row), _dropoff(row)
    return OfferView(
        id=row["offer_id"],
        task_id=row["task_id"],
        order_id=row["order_id"],
        expires_at=row["expires_at"],
        payout_minor=row["offered_minor"],
        currency=row["currency"],
        pickup=pickup,
        dropoff=dropoff,
        distance_m=round(pickup.position().distance_m(dropoff.position())),
    )


def _pickup(row: Row) -> PositionModel:
    return PositionModel(lat=row["pickup_lat"], lng=row["pickup_lng"])


def _dropoff(row: Row) -> PositionModel:
    return PositionModel(lat=row["dropoff_lat"], lng=row["dropoff_lng"])
