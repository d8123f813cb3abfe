"""A task, a trip and an offer as drivers see them."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from shared.dispatch.stops import Stop, in_order
from shared.kernel.positions import Position
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


class StopView(View):
    """`kind` is pickup, dropoff or return; `store_name` and `ready_at` belong to a pickup."""

    task_id: str
    order_id: str
    kind: str
    position: PositionModel
    restricted: bool
    done: bool
    store_name: str | None
    ready_at: datetime | None


class OfferView(View):
    """`stops` are all that it asks for; `joins_trip` says that they come on top of the trip in hand."""

    id: str
    task_id: str
    order_id: str
    expires_at: datetime
    payout_minor: int
    currency: str
    pickup: PositionModel
    dropoff: PositionModel
    distance_m: int
    joins_trip: bool
    stops: list[StopView]


class HeldTaskView(TaskView):
    store_name: str


class TripView(View):
    id: str
    stops: list[StopView]


class HintView(View):
    """Where an idle driver might find work sooner. Nobody has to follow it, and nothing is counted against who does not."""

    id: str
    position: PositionModel
    reason: str
    expires_at: datetime


class DriverWorkView(View):
    """What a driver has to decide on, the task whose stop comes next, and its trip; with neither, where work is expected."""

    offer: OfferView | None
    task: HeldTaskView | None
    trip: TripView | None
    hint: HintView | None


def task(row: Row) -> TaskView:
    return TaskView(**_task(row))


def driver_work(offered: list[Row], held: list[Row], hint: Row | None) -> DriverWorkView:
    """From the rows of `stops.of_driver` and, of an idle driver, `hints.live`."""
    stops = in_order(held)
    coming = next((stop.task for stop in stops if not stop.done), None)
    return DriverWorkView(
        offer=_offer(in_order(offered)) if offered else None,
        task=HeldTaskView(store_name=coming["store_name"], **_task(coming)) if coming else None,
        trip=TripView(id=coming["trip_id"], stops=[_stop(stop) for stop in stops]) if coming else None,
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


def _offer(stops: list[Stop]) -> OfferView:
    first, pickup, dropoff = stops[0].task, stops[0].position, stops[-1].position
    places = [stop.position for stop in stops]
    return OfferView(
        id=first["offer_id"],
        task_id=first["task_id"],
        order_id=first["order_id"],
        expires_at=first["expires_at"],
        payout_minor=first["offered_minor"],
        currency=first["currency"],
        pickup=_place(pickup),
        dropoff=_place(dropoff),
        distance_m=round(sum(one.distance_m(other) for one, other in pairwise(places))),
        joins_trip=first["joins"],
        stops=[_stop(stop) for stop in stops],
    )


def _stop(stop: Stop) -> StopView:
    task = stop.task
    return StopView(
        task_id=task["task_id"],
        order_id=task["order_id"],
        kind="pickup" if stop.pickup else "return" if task["kind"] == "return" else "dropoff",
        position=_place(stop.position),
        restricted=task["restricted"],
        done=stop.done,
        store_name=task["store_name"] if stop.pickup else None,
        ready_at=task["ready_at"] if stop.pickup else None,
    )


def _place(position: Position) -> PositionModel:
    return PositionModel(lat=position.lat, lng=position.lng)


def _pickup(row: Row) -> PositionModel:
    return PositionModel(lat=row["pickup_lat"], lng=row["pickup_lng"])


def _dropoff(row: Row) -> PositionModel:
    return PositionModel(lat=row["dropoff_lat"], lng=row["dropoff_lng"])
