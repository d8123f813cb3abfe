"""The yardstick of the tick: the pure flow of its matching, solved by OR-Tools' cost-scaling push-relabel.

Every job sends one unit, either through a candidate driver or straight to the sink at the price of waiting, so a solution
always exists. A driver's capacity is a bundle of parallel arcs, each dearer than the one before. Node 0 is the sink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.matching import SCALE

Nodes = npt.NDArray[np.int32]
"""Node numbers, of the type the solver takes."""


class SolverFailed(RuntimeError):
    """The solver did not reach the optimum of a problem that always has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The flow network, int arrays ready for the solver. Arcs: first the edges, then one per unit of capacity of each
    driver with an edge, then one per job for waiting."""

    tail: Nodes
    head: Nodes
    unit_cost: Ints
    jobs: Nodes
    edges: int


def network(
    job: Ints, driver: Ints, cost_s: Floats, wait_price_s: Floats, capacity: Ints, surcharge_s: float
) -> Network:
    """Lay out the flow that `matching.match` solves."""
    drivers = np.unique(driver)
    job_node = np.arange(1, len(wait_price_s) + 1, dtype=np.int32)
    driver_node = np.zeros(len(capacity), dtype=np.int32)
    driver_node[drivers] = np.arange(len(drivers)) + (1 + len(wait_price_s))
    places = capacity[drivers]
    nth = np.arange(places.sum()) - np.repeat(np.cumsum(places) - places, places)
    place_node = np.repeat(driver_node[drivers], places)
    sink = np.zeros(len(place_node) + len(job_node), dtype=np.int32)
    return Network(
        tail=np.concatenate((job_node[job], place_node, job_node)),
        head=np.concatenate((driver_node[driver], sink)),
        unit_cost=np.rint(np.concatenate((cost_s, surcharge_s * nth, wait_price_s)) * SCALE).astype(np.int64),
        jobs=job_node,
        edges=len(job),
    )


def flow(net: Network) -> tuple[Flags, int]:
    """Solve to optimality: (which edges carry a unit bool[edges], total cost in units). Raises SolverFailed."""
    if not len(net.jobs):
        return np.zeros(0, dtype=np.bool_), 0
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(net.tail, net.head, np.ones_like(net.unit_cost), net.unit_cost)
    solver.set_nodes_supplies(net.jobs, np.ones(len(net.jobs), dtype=np.int64))
    solver.set_node_supply(0, -len(net.jobs))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverFailed(f"min-cost flow ended with status {status}")
    return np.asarray(solver.flows(arcs[: net.edges])) > 0, int(solver.optimal_cost())
