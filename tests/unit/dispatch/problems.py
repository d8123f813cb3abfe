"""Problems to solve: random ones for properties, and rows to state a case in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from shared.dispatch.engine import Drivers, Jobs, Parameters, Problem, Region
from shared.dispatch.engine.roads import measure
from shared.routing.haversine import HaversineRouter

ROUTER = HaversineRouter()
CENTRE = (32.78, -96.80)


def jobs(n: int, **columns: Any) -> Jobs:
    """n equal, ready, ordinary jobs in the centre, each column replaceable."""
    plain: dict[str, Any] = {
        "id": [f"tsk_{i}" for i in range(n)],
        "pickup_lat": np.full(n, CENTRE[0]),
        "pickup_lng": np.full(n, CENTRE[1]),
        "dropoff_lat": np.full(n, CENTRE[0] + 0.02),
        "dropoff_lng": np.full(n, CENTRE[1]),
        "ready_s": np.zeros(n),
        "promised_s": np.full(n, 3_600.0),
        "carry_s": np.full(n, np.nan),
        "payout_minor": np.full(n, 800),
        "attempts": np.zeros(n),
        "restricted": np.zeros(n),
        "age_s": np.zeros(n),
        "zone": np.full(n, -1),
        "refusal_rate": np.zeros(n),
    }
    return Jobs(**plain | columns)


def drivers(n: int, **columns: Any) -> Drivers:
    """n equal, idle, reliable drivers in the centre, each column replaceable."""
    plain: dict[str, Any] = {
        "id": [f"drv_{i}" for i in range(n)],
        "lat": np.full(n, CENTRE[0]),
        "lng": np.full(n, CENTRE[1]),
        "available_s": np.zeros(n),
        "capacity": np.ones(n),
        "load": np.zeros(n),
        "position_age_s": np.zeros(n),
        "rating": np.full(n, 5.0),
        "acceptance": np.full(n, 0.9),
        "failure_rate": np.zeros(n),
        "paid_rate": np.full(n, 1_800.0),
        "shift_left_s": np.full(n, np.inf),
        "documents_left_s": np.full(n, np.inf),
        "zone": np.full(n, -1),
    }
    return Drivers(**plain | columns)


def problem(some_jobs: Jobs, some_drivers: Drivers, excluded: Any = (), region: Region | None = None) -> Problem:
    """A problem whose roads are not measured yet."""
    anywhere = Region(12.0, 1_800.0, np.zeros(0), np.zeros(0))
    return Problem(some_jobs, some_drivers, region or anywhere, np.array(excluded).reshape(-1, 2))


def measured(unmeasured: Problem, parameters: Parameters | None = None) -> Problem:
    return measure(unmeasured, ROUTER, parameters or Parameters(), "haversine")


@st.composite
def problems(draw: st.DrawFn, max_jobs: int = 8, max_drivers: int = 8, max_capacity: int = 2) -> Problem:
    """Any small tick, measured: no jobs, no drivers, crowded, late, excluded pairs, unready goods."""
    n, m = draw(st.integers(0, max_jobs)), draw(st.integers(0, max_drivers))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    all_pairs = [(j, d) for j in range(n) for d in range(m)]
    excluded = draw(st.lists(st.sampled_from(all_pairs), max_size=6)) if all_pairs else []
    return measured(
        problem(_random_jobs(random, n), _random_drivers(random, m, max_capacity), excluded, _region(random))
    )


def relabelled(original: Problem, random: np.random.Generator) -> Problem:
    """The same problem with the rows of both tables in another order, measured anew."""
    job_order, driver_order = (random.permutation(size) for size in original.shape)
    new_job, new_driver = np.argsort(job_order), np.argsort(driver_order)
    excluded = np.column_stack((new_job[original.excluded[:, 0]], new_driver[original.excluded[:, 1]]))
    return measured(
        Problem(_rows(original.jobs, job_order), _rows(original.drivers, driver_order), original.region, excluded)
    )


def _rows(table: Any, order: Any) -> Any:
    return replace(table, **{name: getattr(table, name)[order] for name in table.__dataclass_fields__})


def _random_jobs(random: np.random.Generator, n: int) -> Jobs:
    return jobs(
        n,
        pickup_lat=random.normal(CENTRE[0], 0.1, n),
        pickup_lng=random.normal(CENTRE[1], 0.1, n),
        dropoff_lat=random.normal(CENTRE[0], 0.1, n),
        dropoff_lng=random.normal(CENTRE[1], 0.1, n),
        ready_s=random.uniform(-600, 1_500, n),
        promised_s=np.where(random.random(n) < 0.2, np.inf, random.uniform(-1_800, 3_600, n)),
        carry_s=np.where(random.random(n) < 0.2, random.uniform(60, 1_800, n), np.nan),
        payout_minor=random.integers(0, 2_000, n),
        attempts=random.integers(0, 4, n),
        restricted=random.random(n) < 0.5,
        age_s=random.uniform(0, 1_800, n),
        zone=random.integers(-1, 3, n),
        refusal_rate=random.random(n) * 0.2,
    )


def _random_drivers(random: np.random.Generator, m: int, max_capacity: int) -> Drivers:
    return drivers(
        m,
        lat=random.normal(CENTRE[0], 0.1, m),
        lng=random.normal(CENTRE[1], 0.1, m),
        available_s=np.where(random.random(m) < 0.5, 0.0, random.uniform(0, 900, m)),
        capacity=random.integers(0, max_capacity + 1, m),
        load=random.integers(0, 3, m),
        position_age_s=random.uniform(0, 60, m),
        rating=random.uniform(0, 5, m),
        acceptance=random.random(m),
        failure_rate=random.random(m) * 0.3,
        paid_rate=random.uniform(0, 4_000, m),
        shift_left_s=random.uniform(-100, 7_200, m),
        documents_left_s=random.uniform(-100, 1e6, m),
        zone=random.integers(-1, 3, m),
    )


def _region(random: np.random.Generator) -> Region:
    return Region(
        random.uniform(0, 24),
        1_800.0 * random.integers(0, 2),
        random.integers(0, 5, 3),
        random.integers(0, 5, 3),
        int(random.integers(0, 30)),
    )
