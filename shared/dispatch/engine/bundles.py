"""Which waiting orders to carry together. Pure: orders and travel times in, bundles out; seconds from now throughout.

A planner draws up routes; a bundle is a stretch of a route on which the driver has goods on board all the time. It is kept
only where it beats serving its orders apart: what it saves the drivers, less what it costs the customers in waiting, must
exceed a share of its shortest order's own length. An order joins a trip in hand by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints, Strings, check_lengths, freeze
from shared.dispatch.engine.planner import Requests, Routes, Routing, Vehicles

NEVER_S = 1e7
"""A window that does not close, seconds."""


@dataclass(frozen=True, slots=True)
class Bundling:
    """When orders travel together.

    orders         at most so many in one trip
    saving_share   what must be saved, as a share of the shortest order's own length
    delay_rate     seconds of driving that a second's later arrival at one door is worth
    detour_s       no goods are on the road longer than their direct way and this
    pickup_s, dropoff_s   what a stop takes at a store, and at a door
    again_s        what a further stop at the same place takes
    cluster        orders that are planned at once, at most
    seconds        search time for one cluster
    """

    orders: int = 3
    saving_share: float = 0.5
    delay_rate: float = 0.5
    detour_s: float = 900.0
    pickup_s: float = 120.0
    dropoff_s: float = 120.0
    again_s: float = 30.0
    cluster: int = 100
    seconds: float = 0.2

    def __post_init__(self) -> None:
        if min(self.orders, self.cluster) < 1 or min(self.saving_share, self.delay_rate, self.detour_s) < 0:
            raise ValueError(
                "orders and cluster must be at least 1; saving_share, delay_rate and detour_s not negative"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Orders that wait for a driver, one row each. All columns have the shape [orders].

    id               the task's identifier
    pickup, dropoff  rows of the travel matrix
    ready_s          when the goods are ready; negative when they wait already
    promised_s       when the customer was promised them
    approach_s       how far away a driver is expected to be from the store
    """

    id: Strings
    pickup: Ints
    dropoff: Ints
    ready_s: Floats
    promised_s: Floats
    approach_s: Floats

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Stop:
    """The store or the door of an order (row)."""

    order: int
    pickup: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sequence of stops worth driving as one.

    stops      first store to last door
    offset_s   planned seconds of each stop after leaving the first store, waiting for goods left out
    apart_s    how long each order alone would take from now until it is handed over, in the sequence of the pickups
    saving_s   how much less drivers are busy than apart
    delay_s    how much longer the customers wait, summed
    """

    stops: tuple[Stop, ...]
    offset_s: tuple[float, ...]
    apart_s: tuple[float, ...]
    saving_s: float
    delay_s: float

    @property
    def orders(self) -> tuple[int, ...]:
        """Rows, in the sequence of the pickups."""
        return tuple(stop.order for stop in self.stops if stop.pickup)

    def worth_s(self, bundling: Bundling) -> float:
        return self.saving_s - bundling.delay_rate * self.delay_s


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
    latest_s = _latest_s(waiting, apart.eta_s, bundling)
    doors = [(stop.order, at_s) for stop, at_s in zip(stops, arrival_s, strict=False) if not stop.pickup]
    if len(orders) > bundling.orders or any(at_s > latest_s[order] for order, at_s in doors):
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


def worthwhile(routes: Routes, waiting: Waiting, travel_s: Floats, bundling: Bundling) -> list[Bundle]:
    """The bundles worth making in what was planned for `routing`; no order is in two."""
    ways = [[Stop(visit.request, visit.pickup) for visit in route.visits] for route in routes.routes]
    found = [_best_part(stretch, waiting, travel_s, bundling) for way in ways for stretch in _stretches(way)]
    return [bundle for bundle in found if bundle is not None]


def clusters(stores: Floats, rows: Ints, limit: int) -> list[Ints]:
    """Groups of at most `limit` rows whose stores, float64[n, 2] in degrees, are near each other: halved across the longer
    side, again and again."""
    if len(rows) <= limit:
        return [rows]
    points = stores[rows] * (1.0, np.cos(np.radians(stores[rows, 0].mean())))
    across = int(np.argmax(np.ptp(points, axis=0)))
    ranked = rows[np.argsort(points[:, across], kind="stable")]
    half = len(ranked) // 2
    return clusters(stores, ranked[:half], limit) + clusters(stores, ranked[half:], limit)


def routing(waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Routing:
    """What the planner is asked for one cluster. Nobody knows yet who will drive: as many vehicles as orders start from a
    point that is as far from each store as the driver who is expected there."""
    count, depot = len(waiting), len(travel_s)
    matrix = np.zeros((depot + 1, depot + 1))
    matrix[:depot, :depot] = travel_s
    matrix[depot, :depot] = waiting.approach_s.max(initial=0.0)
    matrix[depot, waiting.pickup] = waiting.approach_s
    latest_s = np.clip(_latest_s(waiting, alone(waiting, travel_s, bundling), bundling), 0.0, NEVER_S)
    return Routing(
        Requests(
            pickup=waiting.pickup, dropoff=waiting.dropoff,
            pickup_open_s=np.maximum(waiting.ready_s, 0.0), pickup_close_s=np.full(count, NEVER_S),
            dropoff_open_s=np.zeros(count), dropoff_close_s=latest_s,
            pickup_service_s=np.full(count, bundling.pickup_s), dropoff_service_s=np.full(count, bundling.dropoff_s),
            load=np.ones(count, dtype=np.int64),
        ),
        Vehicles(
            start=np.full(count, depot), end=np.full(count, -1), available_s=np.zeros(count), off_s=np.full(count, NEVER_S),
            capacity=np.full(count, bundling.orders),
        ),
        matrix,
    )  # fmt: skip


def _latest_s(waiting: Waiting, eta_s: Floats, bundling: Bundling) -> Floats:
    """float64[orders]: the promise; of an order that would be late anyway, that time and a detour."""
    return np.where(eta_s <= waiting.promised_s, waiting.promised_s, eta_s + bundling.detour_s)


def _stretches(stops: Iterable[Stop]) -> list[tuple[Stop, ...]]:
    """The parts of a route between two moments at which the vehicle is empty, where they serve several orders."""
    stretches, stretch, load = [], [], 0
    for stop in stops:
        stretch.append(stop)
        load += 1 if stop.pickup else -1
        if load == 0:
            stretches.append(tuple(stretch))
            stretch = []
    return [stretch for stretch in stretches if len(stretch) > 2]


def _best_part(stops: tuple[Stop, ...], waiting: Waiting, travel_s: Floats, bundling: Bundling) -> Bundle | None:
    """A stretch as a bundle, or the best one without an order that spoils it, as long as there are two."""
    whole = judge(stops, waiting, travel_s, bundling)
    if whole is not None:
        return whole
    orders = [stop.order for stop in stops if stop.pickup]
    shorter = ([stop for stop in stops if stop.order != dropped] for dropped in orders)
    parts = (_best_part(stretch, waiting, travel_s, bundling) for part in shorter for stretch in _stretches(part))
    return max((part for part in parts if part), key=lambda part: part.worth_s(bundling), default=None)


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
