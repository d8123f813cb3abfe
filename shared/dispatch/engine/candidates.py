"""Which drivers are near enough to a job to be worth a road time."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.problem import Problem

THREADS_PAY_FROM = 2_000
"""Points from which a second thread finds the nearest drivers sooner than it starts."""


def nearest(problem: Problem, neighbours: int) -> tuple[Ints, Ints]:
    """The exact `neighbours` nearest drivers of each job: (job, driver), int64[edges], by job, nearest first.

    Drivers without capacity and excluded pairs are never among them, and do not use up a place.
    """
    able = np.flatnonzero(problem.drivers.capacity > 0)
    jobs = len(problem.jobs)
    if not (jobs and len(able)):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    points = unit_vectors(problem.drivers.lat[able], problem.drivers.lng[able])
    pickups = unit_vectors(problem.jobs.pickup_lat, problem.jobs.pickup_lng)
    tree = cKDTree(points, leafsize=24, balanced_tree=False, copy_data=False)
    driver = able[_nearest(tree, pickups, neighbours)]
    job = np.broadcast_to(np.arange(jobs)[:, None], driver.shape)
    if not len(problem.excluded):
        return job.ravel(), driver.ravel()
    kept = np.ones(driver.shape, dtype=np.bool_)
    again, spare = np.unique(problem.excluded[:, 0], return_counts=True)
    further = able[_nearest(tree, pickups[again], neighbours + int(spare.max()))]
    allowed = _allowed(problem, again[:, None], further)
    foremost = np.argsort(~allowed, axis=1, kind="stable")[:, : driver.shape[1]]
    driver[again] = np.take_along_axis(further, foremost, axis=1)
    kept[again] = np.take_along_axis(allowed, foremost, axis=1)
    return job[kept], driver[kept]


def _nearest(tree: cKDTree, points: Floats, count: int) -> Ints:
    """The nearest of the tree to each point, as many as there are up to `count`, int64[points, ≤ count]."""
    threads = 1 if len(points) < THREADS_PAY_FROM else 2
    _, found = tree.query(points, k=np.arange(1, min(count, tree.n) + 1), workers=threads)
    return np.asarray(found)


def unit_vectors(lat: Floats, lng: Floats) -> Floats:
    """float64[n, 3] on the unit sphere: the chord between two of them grows with the great circle."""
    phi, theta = np.radians(lat), np.radians(lng)
    across = np.cos(phi)
    return np.column_stack((across * np.cos(theta), across * np.sin(theta), np.sin(phi)))


def _allowed(problem: Problem, job: Ints, driver: Ints) -> Flags:
    width = np.int64(len(problem.drivers))
    forbidden = problem.excluded[:, 0] * width + problem.excluded[:, 1]
    return ~np.isin(job * width + driver, forbidden)
