"""What bundles are made of: orders that wait, stops, and when orders may travel together."""

from __future__ import annotations

from dataclasses import dataclass

from shared.dispatch.engine.columns import Floats, Ints, Strings, check_lengths, freeze


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
    seconds        search time for one cluster, at most
    steps          search steps for each of its orders, at most: a small cluster is searched through long before its time is over
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
    steps: int = 400

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
