"""The drivers a job considers are the nearest ones that it may have."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine import Problem
from shared.dispatch.engine.candidates import nearest
from shared.routing.haversine import distances_m
from tests.unit.dispatch.problems import drivers, jobs, problem, problems


def by_sorting_everyone(tick: Problem, k: int) -> dict[int, list[int]]:
    """Each job's k nearest drivers with capacity and without exclusion, the slow and obvious way."""
    pickups = np.column_stack((tick.jobs.pickup_lat, tick.jobs.pickup_lng))
    positions = np.column_stack((tick.drivers.lat, tick.drivers.lng))
    metres = distances_m(pickups[:, None], positions[None, :])
    forbidden = {(int(j), int(d)) for j, d in tick.excluded}
    allowed = {
        job: [d for d in range(len(positions)) if tick.drivers.capacity[d] > 0 and (job, d) not in forbidden]
        for job in range(len(pickups))
    }
    return {job: sorted(able, key=lambda d: metres[job, d])[:k] for job, able in allowed.items() if able}


@given(problems(max_jobs=20, max_drivers=40), st.integers(1, 20))
def test_candidates_are_exactly_the_nearest(tick: Problem, k: int) -> None:
    job, driver = nearest(tick, k)
    found = {int(j): driver[job == j].tolist() for j in np.unique(job)}
    assert found == by_sorting_everyone(tick, k)
    assert np.all(np.diff(job) >= 0), "edges come grouped by job"


def test_two_threads_find_the_same_as_one() -> None:
    random = np.random.default_rng(5)
    tick = problem(
        jobs(300, pickup_lat=random.normal(32.8, 0.1, 300)), drivers(400, lng=random.normal(-96.8, 0.1, 400))
    )
    job, driver = nearest(tick, 4)
    found = {int(j): driver[job == j].tolist() for j in np.unique(job)}
    assert found == by_sorting_everyone(tick, 4)


def test_the_date_line_separates_nobody() -> None:
    tick = problem(
        jobs(1, pickup_lat=[-17.0], pickup_lng=[179.99]), drivers(2, lat=[-17.0, -17.0], lng=[-179.99, 179.5])
    )
    assert nearest(tick, 1)[1].tolist() == [0]
