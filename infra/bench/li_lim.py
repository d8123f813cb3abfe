"""The public instances of Li and Lim (2001), as SINTEF lists them, as routing problems."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.dispatch.engine.planner import Requests, Routing, Vehicles

VEHICLE_COST_S = 1e5
"""One vehicle less is worth more than any distance: the objective counts vehicles first."""


class UnreadableInstance(ValueError):
    """The file is not in the format of Li and Lim."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A problem with the best known number of vehicles and distance. `group`: lc, lr or lrc, and the locations."""

    name: str
    group: str
    routing: Routing
    vehicles: int
    distance: float


def read(file: Path) -> Routing:
    """The problem in a file. A unit of distance takes a second; everybody starts and ends at the depot.

    First line: vehicles, capacity, speed. Then one line per location, the depot first: id, x, y, demand, ready, due, service,
    and the id of the pickup that a delivery belongs to or 0, and the id of the delivery of a pickup or 0. Raises
    UnreadableInstance.
    """
    lines = [line.split() for line in file.read_text().splitlines() if line.strip()]
    try:
        count, capacity = int(lines[0][0]), int(lines[0][1])
        rows = np.array([[float(word) for word in line] for line in lines[1:]])
        number, x, y, demand, ready, due, service, _, partner = rows.T
    except (IndexError, ValueError) as error:
        raise UnreadableInstance(f"{file.name}: {error}; expected lines of 3, then of 9 numbers") from error
    if not np.array_equal(number, np.arange(len(rows))):
        raise UnreadableInstance(f"{file.name}: locations must be numbered 0, 1, 2 and so on")
    pickup = np.flatnonzero(demand > 0)
    dropoff = partner[pickup].astype(np.int64)
    if not np.array_equal(np.sort(dropoff), np.flatnonzero(demand < 0)):
        raise UnreadableInstance(f"{file.name}: each pickup must name a delivery of its own")
    requests = Requests(
        pickup,
        dropoff,
        ready[pickup],
        due[pickup],
        ready[dropoff],
        due[dropoff],
        service[pickup],
        service[dropoff],
        demand[pickup].astype(np.int64),
    )
    depot = np.zeros(count, dtype=np.int64)
    vehicles = Vehicles(depot, depot, np.full(count, ready[0]), np.full(count, due[0]), np.full(count, capacity))
    return Routing(requests, vehicles, np.hypot(x[:, None] - x, y[:, None] - y), VEHICLE_COST_S)


def instances(folder: Path) -> list[Instance]:
    """Every instance that `best_known.csv` in the folder names, in its sequence."""
    found = []
    with (folder / "best_known.csv").open() as lines:
        for row in csv.DictReader(lines):
            size, name = row["size"], row["instance"]
            file = next(file for file in (folder / f"li_lim_{size}").iterdir() if file.stem.lower() == name.lower())
            group = f"{name.lower().rstrip('0123456789_')} {size}"
            found.append(Instance(name, group, read(file), int(row["routes"]), float(row["distance"])))
    return found
