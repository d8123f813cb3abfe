"""Routing: who has to be taken from where to where, by whom, and when. Read-only numpy columns; seconds from now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints, check_lengths, check_range, freeze

ANYWHERE = -1
"""The `end` of a vehicle that may stop wherever its last visit is."""

LONGEST_S = 1e6
"""No time is longer than eleven days: the solver counts milliseconds in 32 bits."""

MOST = 10**9
"""No load or capacity is greater."""


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """One row per request: goods that go from a pickup to a dropoff in one vehicle.

    pickup, dropoff                   rows of the travel matrix
    pickup_open_s, pickup_close_s     when the pickup may begin; a vehicle that comes early waits
    dropoff_open_s, dropoff_close_s   the same at the door; a close may be infinite
    pickup_service_s, dropoff_service_s   how long the stop takes
    load                              units of capacity on board in between

    Raises ValueError on columns of different lengths, NaN, negative services or loads, or an infinite open.
    """

    pickup: Ints
    dropoff: Ints
    pickup_open_s: Floats
    pickup_close_s: Floats
    dropoff_open_s: Floats
    dropoff_close_s: Floats
    pickup_service_s: Floats
    dropoff_service_s: Floats
    load: Ints

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)
        check_range(self, -LONGEST_S, LONGEST_S, "pickup_open_s", "dropoff_open_s")
        check_range(self, -np.inf, np.inf, "pickup_close_s", "dropoff_close_s")
        check_range(self, 0.0, LONGEST_S, "pickup_service_s", "dropoff_service_s")
        check_range(self, 0, MOST, "load")

    def __len__(self) -> int:
        return len(self.pickup)


@dataclass(frozen=True, slots=True, eq=False)
class Vehicles:
    """One row per vehicle.

    start         row of the travel matrix
    end           row of the travel matrix, or ANYWHERE
    available_s   when it may leave its start
    off_s         when its last stop, or its way to `end`, must be over; may be infinite
    capacity      units of load it can have on board

    Raises ValueError on columns of different lengths, NaN, a negative capacity or an infinite `available_s`.
    """

    start: Ints
    end: Ints
    available_s: Floats
    off_s: Floats
    capacity: Ints

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)
        check_range(self, -LONGEST_S, LONGEST_S, "available_s")
        check_range(self, -np.inf, np.inf, "off_s")
        check_range(self, 0, MOST, "capacity")

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Routing:
    """A pickup-and-delivery problem with time windows.

    travel_s         float64[n, n], seconds from row to column; it need not be symmetric
    vehicle_cost_s   seconds of travel that one vehicle less on the road is worth

    Raises ValueError when the matrix is not square, not finite or negative, or a row of it that is named is not there.
    """

    requests: Requests
    vehicles: Vehicles
    travel_s: Floats
    vehicle_cost_s: float = 0.0

    def __post_init__(self) -> None:
        freeze(self)
        rows = len(self.travel_s)
        if self.travel_s.shape != (rows, rows):
            raise ValueError(f"travel_s must be a square matrix, got the shape {self.travel_s.shape}")
        check_range(self, 0.0, LONGEST_S, "travel_s", "vehicle_cost_s")
        check_range(self.requests, 0, rows - 1, "pickup", "dropoff")
        check_range(self.vehicles, 0, rows - 1, "start")
        check_range(self.vehicles, ANYWHERE, rows - 1, "end")
