"""Whether a sequence of stops is worth driving as one, and keeps what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.bundles.orders import Bundle, Bundling, Stop, Waiting
from shared.dispatch.engine.columns import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """What a sequence of stops is compared with.

    eta_s     float64[orders], when each order would be at its door without it; rows that are not in it do not count
    busy_s    how long drivers would be busy without it, summed over them; waiting at a first store does not count, for one
              need not be sent that early
    first_s   when the driver of the sequence is at its first stop
    """

    eta_s: Floats
    busy_s: float
    first_s: float


def alone(waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Floats:
    """float64[orders]: when each order would be at its door on a trip of its own."""
    fetched_s = np.maximum(np.maximum(waiting.approach_s, waiting.ready_s), 0.0) + bundling.pickup_s
    return fetched_s + travel_s[waiting.pickup, waiting.dropoff]


def judge(
    stops: Sequence[Stop], waiting: Waiting, travel_s: Floats, bundling: Bundling, apart: Apart | None = None
) -> Bundle | None:
    """The sequence as a bundle, or None where a gate stays shut or it is not worth it.

    The gates: capacity; no order is late that would have been in time without it; no goods too long on the road. `apart` is
    each order on a trip of its own unless it says otherwise.
    """
    orders = [stop.order for stop in stops if stop.pickup]
    alone_s = alone(waiting, travel_s, bundling)
    if apart is None:
        busy_s = float(_busy_alone_s(waiting, travel_s, bundling)[orders].sum())
        apart = Apart(alone_s, busy_s, float(waiting.approach_s[orders[0]]))
    arrival_s = arrivals(stops, waiting, travel_s, bundling, apart.first_s)
    offset_s = _offsets(stops, waiting, travel_s, bundling)
    latest_by_s = latest_s(waiting, apart.eta_s, bundling)
    doors = [(stop.order, at_s) for stop, at_s in zip(stops, arrival_s, strict=False) if not stop.pickup]
    if len(orders) > bundling.orders or any(at_s > latest_by_s[order] for order, at_s in doors):
        return None
    if _longest_detour_s(stops, offset_s, waiting, travel_s, bundling) > bundling.detour_s:
        return None
    bundle = Bundle(
        stops=tuple(stops),
        offset_s=tuple(offset_s),
        apart_s=tuple(float(alone_s[order]) + bundling.dropoff_s for order in orders),
        saving_s=apart.busy_s - _busy_s(stops, arrival_s, waiting),
        delay_s=sum(max(0.0, at_s - float(apart.eta_s[order])) for order, at_s in doors),
    )
    shortest_s = min(_direct_s(waiting, travel_s, order) + bundling.pickup_s + bundling.dropoff_s for order in orders)
    return bundle if bundle.worth_s(bundling) >= bundling.saving_share * shortest_s else None


def join(
    trip: Sequence[Stop], joining: int, first_s: float, waiting: Waiting, travel_s: Floats, bundling: Bundling
) -> Bundle | None:
    """The best way to put one more order (row) into a trip whose driver is at its first stop in `first_s`, or None.

    Its goods are fetched together with others of the same store, and the other stops keep their sequence.
    """
    shared = [
        at for at, stop in enumerate(trip) if stop.pickup and waiting.pickup[stop.order] == waiting.pickup[joining]
    ]
    if not shared:
        return None
    ends_s = arrivals(trip, waiting, travel_s, bundling, first_s)
    eta_s = alone(waiting, travel_s, bundling)
    busy_s = _busy_s(trip, ends_s, waiting) + float(_busy_alone_s(waiting, travel_s, bundling)[joining])
    for stop, at_s in zip(trip, ends_s, strict=False):
        if not stop.pickup:
            eta_s[stop.order] = at_s
    fetched = [*trip[: shared[-1] + 1], Stop(joining, True), *trip[shared[-1] + 1 :]]
    ways = ([*fetched[:at], Stop(joining, False), *fetched[at:]] for at in range(shared[-1] + 2, len(fetched) + 1))
    apart = Apart(eta_s, busy_s, first_s)
    found = (judge(way, waiting, travel_s, bundling, apart) for way in ways)
    return max((bundle for bundle in found if bundle), key=lambda bundle: bundle.worth_s(bundling), default=None)


def latest_s(waiting: Waiting, eta_s: Floats, bundling: Bundling) -> Floats:
    """float64[orders]: the promise; of an order that would be late anyway, that time and a detour."""
    return np.where(eta_s <= waiting.promised_s, waiting.promised_s, eta_s + bundling.detour_s)


def _place(stop: Stop, waiting: Waiting) -> int:
    return int(waiting.pickup[stop.order] if stop.pickup else waiting.dropoff[stop.order])


def _direct_s(waiting: Waiting, travel_s: Floats, order: int) -> float:
    return float(travel_s[waiting.pickup[order], waiting.dropoff[order]])


def arrivals(
    stops: Sequence[Stop], waiting: Waiting, travel_s: Floats, bundling: Bundling, first_s: float
) -> list[float]:
    """When the driver is at each stop, waiting for goods on the way, and when the last one is over; `first_s` is when at the
    first. One value more than there are stops."""
    at_s, times, place = first_s, [], -1
    for stop in stops:
        here = _place(stop, waiting)
        at_s += float(travel_s[place, here]) if place >= 0 else 0.0
        times.append(at_s)
        ready_s = float(waiting.ready_s[stop.order]) if stop.pickup else at_s
        at_s, place = max(at_s, ready_s) + _dwell_s(stop, bundling, again=here == place), here
    return [*times, at_s]


def _offsets(stops: Sequence[Stop], waiting: Waiting, travel_s: Floats, bundling: Bundling) -> list[float]:
    """Seconds of each stop after leaving the first store, as if all goods were ready; 0 at that store."""
    at_s, offsets, place = -bundling.pickup_s, [], -1
    for stop in stops:
        here = _place(stop, waiting)
        at_s += float(travel_s[place, here]) if place >= 0 else 0.0
        offsets.append(max(at_s, 0.0))
        at_s, place = at_s + _dwell_s(stop, bundling, again=here == place), here
    return offsets


def _busy_s(stops: Sequence[Stop], arrival_s: Sequence[float], waiting: Waiting) -> float:
    """How long the driver of a sequence is busy; waiting at its first store does not count."""
    return arrival_s[-1] - max(0.0, float(waiting.ready_s[stops[0].order]) - arrival_s[0])


def _busy_alone_s(waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Floats:
    """float64[orders]: the same for each order on a trip of its own."""
    return waiting.approach_s + bundling.pickup_s + travel_s[waiting.pickup, waiting.dropoff] + bundling.dropoff_s


def _dwell_s(stop: Stop, bundling: Bundling, *, again: bool) -> float:
    if again:
        return bundling.again_s
    return bundling.pickup_s if stop.pickup else bundling.dropoff_s


def _longest_detour_s(
    stops: Sequence[Stop], offset_s: Sequence[float], waiting: Waiting, travel_s: Floats, bundling: Bundling
) -> float:
    fetched_s = {stop.order: at_s for stop, at_s in zip(stops, offset_s, strict=True) if stop.pickup}
    return max(
        at_s - fetched_s[stop.order] - _direct_s(waiting, travel_s, stop.order)
        for stop, at_s in zip(stops, offset_s, strict=True)
        if not stop.pickup
    )
