"""Which drivers are near enough to a job to be worth a road time."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.problem import Problem

THREADS_PAY_FROM = 2_000
"""Jobs from which a second thread finds the nearest drivers sooner than it starts."""


def nearest(problem: Problem, neighbours: int) -> tuple[Ints, Ints]:
    """The exact `neighbours` nearest drivers of each job: (job, driver), int64[edges], by job, nearest first.

    Drivers without capacity and excluded pairs are never among them, and do not use up a place.
    """
    able = np.flatnonzero(problem.drivers.capacity > 0)
    jobs = len(problem.jobs)
    if not (jobs and len(able)):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    spare = int(np.bincount(problem.excluded[:, 0]).max()) if len(problem.excluded) else 0
    k = min(neighbours + spare, len(able))
    drivers = problem.drivers
    points = unit_vectors(drivers.lat[able], drivers.lng[able])
    tree = cKDTree(points, leafsize=24, balanced_tree=False, copy_data=False)
    pickups = unit_vectors(problem.jobs.pickup_lat, problem.jobs.pickup_lng)
    _, found = tree.query(pickups, k=np.arange(1, k + 1), workers=1 if jobs < THREADS_PAY_FROM else 2)
    driver = able[found]
    job = np.broadcast_to(np.arange(jobs)[:, None], driver.shape)
    if not spare:
        return job.ravel(), driver.ravel()
    allowed = _allowed(problem, job, driver)
    kept = allowed & (np.cumsum(allowed, axis=1) <= neighbours)
    return job[kept], driver[kept]


def unit_vectors(lat: Floats, lng: Floats) -> Floats:
    """float64[n, 3] on the unit sphere: the chord between two of them grows with the great circle."""
    phi, theta = np.radians(lat), np.radians(lng)
    across = np.cos(phi)
    return np.column_stack((across * np.cos(theta), across * np.sin(theta), np.sin(phi)))


def _allowed(problem: Problem, job: Ints, driver: Ints) -> Flags:
    width = np.int64(len(problem.drivers))
    forbidden = problem.excluded[:, 0] * width + problem.excluded[:, 1]
    return ~np.isin(job * width + driver, forbidden)
