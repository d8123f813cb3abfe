"""Problem: everything one tick knows, as read-only arrays. It is the engine's input, the replay file and the benchmark
instance. Seconds are counted from the moment of the tick; `job` and `driver` mean positions in the two tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints, Strings, check_lengths, check_range, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Jobs:
    """Open work, one row per order or planned bundle. All columns have the shape [jobs].

    id            the task's identifier
    pickup_lat, pickup_lng, dropoff_lat, dropoff_lng   WGS 84 degrees; of a bundle, the store and its last door
    ready_s       when the goods are ready; negative when they wait already
    promised_s    when the customer was promised them; +inf without a promise
    carry_s       planned seconds from leaving the store to the door; NaN means drive straight (`Roads` measures it)
    payout_minor  what the driver would earn, minor units
    attempts      offers that failed so far
    restricted    age-restricted goods, which can never be left
    age_s         seconds since the job opened
    zone          the pickup's row in the region's zone columns; -1 outside all
    refusal_rate  share of such deliveries that end with a refusal at the door, smoothed, 0 to 1
    """

    id: Strings
    pickup_lat: Floats
    pickup_lng: Floats
    dropoff_lat: Floats
    dropoff_lng: Floats
    ready_s: Floats
    promised_s: Floats
    carry_s: Floats
    payout_minor: Ints
    attempts: Ints
    restricted: Flags
    age_s: Floats
    zone: Ints
    refusal_rate: Floats

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)
        check_range(self, -90.0, 90.0, "pickup_lat", "dropoff_lat")
        check_range(self, -180.0, 180.0, "pickup_lng", "dropoff_lng")
        check_range(self, -1e9, 1e9, "ready_s")
        check_range(self, -1e9, inf, "promised_s")
        check_range(self, 0, 1e9, "payout_minor", "attempts", "age_s")
        check_range(self, 0.0, 1.0, "refusal_rate")

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """Drivers who may be offered work now. All columns have the shape [drivers].

    id                the driver's identifier
    lat, lng          where the driver is free next: the present position, or the end of the current task; degrees
    available_s       seconds until then; 0 when idle
    capacity          jobs that may be given in this tick
    load              tasks in hand
    position_age_s    seconds since the last reported position
    rating            mean stars, 0 to 5
    acceptance        share of offers accepted, smoothed, 0 to 1
    failure_rate      share of accepted tasks that failed, smoothed, 0 to 1
    paid_rate         earned minor units per online hour
    shift_left_s      seconds until the driver goes off; +inf when open
    documents_left_s  seconds until the first document lapses; +inf when none does
    zone              the driver's row in the region's zone columns; -1 outside all
    """

    id: Strings
    lat: Floats
    lng: Floats
    available_s: Floats
    capacity: Ints
    load: Ints
    position_age_s: Floats
    rating: Floats
    acceptance: Floats
    failure_rate: Floats
    paid_rate: Floats
    shift_left_s: Floats
    documents_left_s: Floats
    zone: Ints

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)
        check_range(self, -90.0, 90.0, "lat")
        check_range(self, -180.0, 180.0, "lng")
        check_range(self, 0.0, 1e9, "available_s", "capacity", "load", "position_age_s", "paid_rate")
        check_range(self, 0.0, 5.0, "rating")
        check_range(self, 0.0, 1.0, "acceptance", "failure_rate")
        check_range(self, -inf, inf, "shift_left_s", "documents_left_s")

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """What the tick knows of the whole region.

    hour_of_day       local hour, 0 ≤ h < 24, fractions count
    median_paid_rate  median of the drivers' earned minor units per online hour; 0 when unknown
    zone_supply, zone_demand   float64[zones]: drivers online in a zone, jobs expected from it
    busy_drivers      drivers online with work in hand, who will come free
    """

    hour_of_day: float
    median_paid_rate: float
    zone_supply: Floats
    zone_demand: Floats
    busy_drivers: int = 0

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self)
        check_range(self, 0.0, 1e9, "zone_supply", "zone_demand")
        if not (0.0 <= self.hour_of_day < 24.0 and 0.0 <= self.median_paid_rate < inf):
            raise ValueError("Region: hour_of_day must be in [0, 24) and median_paid_rate a number from 0")
        if self.busy_drivers < 0:
            raise ValueError("Region: busy_drivers must not be negative")


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The pairs worth considering and how long the roads take. Edges are grouped by job, nearest driver first.

    router      which router measured them
    job, driver int64[edges]
    approach_s  float64[edges], from where the driver is free next to the pickup
    carry_s     float64[jobs], from the pickup to the door
    """

    router: str
    job: Ints
    driver: Ints
    approach_s: Floats
    carry_s: Floats

    def __post_init__(self) -> None:
        freeze(self)
        if not len(self.job) == len(self.driver) == len(self.approach_s):
            raise ValueError("Roads: job, driver and approach_s must be equally long")
        check_range(self, 0.0, 1e9, "approach_s", "carry_s")


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One tick's input. `excluded` is int64[n, 2]: pairs (job, driver) that must not be made now, as in a cool-down.

    `roads` is None until `roads.measure` has filled it; road times are part of what a tick saw, so a stored problem
    replays without a router. Raises ValueError when tables disagree.
    """

    jobs: Jobs
    drivers: Drivers
    region: Region
    excluded: Ints
    roads: Roads | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "excluded", np.asarray(self.excluded, dtype=np.int64).reshape(-1, 2))
        freeze(self)
        zones = len(self.region.zone_supply)
        check_range(self.jobs, -1, zones - 1, "zone")
        check_range(self.drivers, -1, zones - 1, "zone")
        if self.excluded.size and (self.excluded.min() < 0 or np.any(self.excluded.max(axis=0) >= self.shape)):
            raise ValueError("Problem.excluded: pairs must point at rows of jobs and drivers")
        if self.roads is not None and len(self.roads.carry_s) != len(self.jobs):
            raise ValueError("Problem.roads: carry_s must have one value per job")

    @property
    def shape(self) -> tuple[int, int]:
        """(jobs, drivers)"""
        return len(self.jobs), len(self.drivers)

    def with_roads(self, roads: Roads) -> Problem:
        return replace(self, roads=roads)
