"""The orders that wait for a driver, as the BATCH loop sees them: alone or in a trip that is planned and not on offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy.spatial import cKDTree

from shared.dispatch.engine import Drivers
from shared.dispatch.engine.bundles import Waiting
from shared.dispatch.engine.candidates import unit_vectors
from shared.dispatch.engine.columns import Floats
from shared.routing.protocol import Router
from shared.storage.connection import Row
from shared.storage.work import Work

LOOKAHEAD = timedelta(minutes=5)
"""Orders are bundled so long before they open to dispatch: from then on a driver may be sent at any moment."""

UNKNOWN_APPROACH_S = 600.0
"""How far away a driver is taken to be where none is free."""


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Orders near each other with the ways between their stops. `tasks` are the rows that `waiting` was made of."""

    tasks: Sequence[Row]
    waiting: Waiting
    travel_s: Floats


def read(work: Work, region_id: str) -> list[Row]:
    """The region's waiting tasks, with where they stand in a planned trip if they are in one."""
    return work.run(_WAITING, region_id=region_id, until=work.now + LOOKAHEAD, now=work.now)


def measure(tasks: Sequence[Row], approach_s: Floats, router: Router) -> Cluster:
    """The ways between all stops of these tasks, each place once."""
    stores, doors = places(tasks, "pickup"), places(tasks, "dropoff")
    points, row = np.unique(np.vstack((stores, doors)), axis=0, return_inverse=True)
    waiting = Waiting(
        id=np.array([task["task_id"] for task in tasks], dtype=np.str_),
        pickup=row[: len(tasks)],
        dropoff=row[len(tasks) :],
        ready_s=np.array([task["ready_s"] for task in tasks]),
        promised_s=np.array([task["promised_s"] for task in tasks]),
        approach_s=approach_s,
    )
    return Cluster(tasks, waiting, router.times(points, points))


def approach(stores: Floats, drivers: Drivers, router: Router) -> Floats:
    """float64[n] seconds from the nearest free driver to each store, float64[n, 2] in degrees."""
    if not (len(drivers) and len(stores)):
        return np.full(len(stores), UNKNOWN_APPROACH_S)
    _, nearest = cKDTree(unit_vectors(drivers.lat, drivers.lng)).query(unit_vectors(stores[:, 0], stores[:, 1]))
    positions = np.column_stack((drivers.lat, drivers.lng))
    return router.edge_times(positions, stores, np.asarray(nearest), np.arange(len(stores)))


def places(tasks: Sequence[Row], end: str) -> Floats:
    """float64[n, 2] (lat, lng) of the tasks' pickups or dropoffs."""
    return np.array([(task[f"{end}_lat"], task[f"{end}_lng"]) for task in tasks], dtype=np.float64).reshape(-1, 2)


_WAITING = """
    SELECT t.task_id, t.order_id, t.region_id, t.trip_id, t.pickup_lat, t.pickup_lng, t.dropoff_lat, t.dropoff_lng,
           t.payout_minor, t.attempts, x.pickup_seq, x.dropoff_seq,
           CAST(extract(epoch FROM t.ready_at - CAST(:now AS timestamptz)) AS float8) AS ready_s,
           CAST(extract(epoch FROM t.promised_at - CAST(:now AS timestamptz)) AS float8) AS promised_s
    FROM tasks t LEFT JOIN trip_tasks x USING (trip_id, task_id)
    WHERE t.region_id = :region_id AND t.status = 'open' AND t.open_from <= :until
      AND NOT EXISTS (SELECT FROM offers o WHERE o.task_id = t.task_id AND o.status = 'offered')
      AND NOT EXISTS (SELECT FROM offers o WHERE o.trip_id = t.trip_id AND o.status = 'offered')
    ORDER BY t.task_id
"""
