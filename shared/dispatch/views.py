"""A task and an offer as drivers see them."""

from datetime import datetime

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


class DriverWorkView(View):
    """What a driver has to decide on, and what is in hand."""

    offer: OfferView | None
    task: TaskView | None


def task(row: Row) -> TaskView:
    return TaskView(
        id=row["task_id"],
        order_id=row["order_id"],
        kind=row["kind"],
        status=row["status"],
        pickup=_pickup(row),
        dropoff=_dropoff(row),
        restricted=row["restricted"],
        payout_minor=row["payout_minor"],
        currency=row["currency"],
        ready_at=row["ready_at"],
    )


def offer(row: Row) -> OfferView:
    """From a row of `offers` joined with its task's places."""
    pickup, dropoff = _pickup(row), _dropoff(row)
    return OfferView(
        id=row["offer_id"],
        task_id=row["task_id"],
        order_id=row["order_id"],
        expires_at=row["expires_at"],
        payout_minor=row["payout_minor"],
        currency=row["currency"],
        pickup=pickup,
        dropoff=dropoff,
        distance_m=round(pickup.position().distance_m(dropoff.position())),
    )


def _pickup(row: Row) -> PositionModel:
    return PositionModel(lat=row["pickup_lat"], lng=row["pickup_lng"])


def _dropoff(row: Row) -> PositionModel:
    return PositionModel(lat=row["dropoff_lat"], lng=row["dropoff_lng"])
