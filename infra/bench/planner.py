"""How near the route planner comes to the best known solutions of Li and Lim, beside plain VROOM and OR-Tools routing.

`cloudrun bench planner` prints a table for a sample, with `--all` for every instance. All three get the same problem, one
thread and the same seconds of processor time, one after the other on each instance, and every answer is verified. Vehicles
count first, then distance. An answer is within 2 % when it needs no more vehicles than the best known and at most 2 % more
distance.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from rich.console import Console
from rich.progress import track

from infra.bench.li_lim import Instance, instances
from infra.bench.plain_vroom import vroom_routes
from infra.bench.reference import ortools_routes
from shared.dispatch.engine.planner import ANYWHERE, Requests, Routes, Routing, Vehicles, check
from shared.dispatch.engine.planner.plan import load, plan

DATA = Path(__file__).parents[3] / "shared" / "data" / "pdptw"
SAMPLE = 4
"""Instances in a sample: with three budgets and three solvers, two minutes."""

BUDGETS_S = (0.1, 1.0, 10.0)
EQUAL = 1e-4
"""Distances that differ by less than this share are equal."""

ENOUGH = 0.85
"""A solver has had its time when it had this share of it."""

MARKET = ((100, 30, 0.2), (40, 12, 0.05))
"""(orders, drivers, seconds): what the product asks for."""


Solver = Callable[[Routing, float], Routes]
"""Routes for a problem within so many seconds."""


Solvers = dict[str, Solver]


def planners(seeds: int) -> Solvers:
    """The planner with that many seeds."""
    return {f"planner {seed}": partial(_plan, seed=seed) for seed in range(1, seeds + 1)}


def _plan(routing: Routing, seconds: float, seed: int) -> Routes:
    return plan(routing, seconds, seed)


RIVALS: Solvers = {"pyvroom": vroom_routes, "OR-Tools": ortools_routes}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver made of an instance. `vehicles`: above the best known; `distance`: relative to it, all being served."""

    unserved: int
    vehicles: int
    distance: float
    seconds: float

    @property
    def near(self) -> bool:
        return not self.unserved and self.vehicles <= 0 and self.distance <= 0.02

    def behind(self, other: Outcome) -> bool:
        mine, others = (self.unserved, self.vehicles), (other.unserved, other.vehicles)
        return mine > others or (mine == others and self.distance > other.distance + EQUAL)


Outcomes = dict[tuple[str, float, str], Outcome]
"""By the name of the instance, the budget and the solver."""


class InfeasibleRoutes(AssertionError):
    """A solver answered with routes that break a rule."""


def outcome(instance: Instance, seconds: float, solve: Solver) -> Outcome:
    routes, took = timed(instance.routing, seconds, solve)
    if broken := check(instance.routing, routes):
        raise InfeasibleRoutes(f"{instance.name}: {'; '.join(broken)}")
    vehicles = len(routes.routes) - instance.vehicles
    return Outcome(len(routes.unserved), vehicles, routes.travel_s / instance.distance - 1.0, took)


def timed(routing: Routing, seconds: float, solve: Solver) -> tuple[Routes, float]:
    """The routes and the processor time they took. A solver ends by the clock on the wall, so on a busy machine it is asked
    again with a longer limit, until it has had its seconds or does not use them."""
    limit_s = seconds
    while True:
        wall_s, began_s = perf_counter(), process_time()
        routes = solve(routing, limit_s)
        took_s = process_time() - began_s
        if took_s >= ENOUGH * seconds or perf_counter() - wall_s < limit_s:
            return routes, took_s
        limit_s *= seconds / max(took_s, 0.1 * seconds)


def chosen(found: list[Instance], count: int) -> list[Instance]:
    """That many, spread evenly over the list."""
    rows = np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int)
    return [found[row] for row in rows]


def measure(sample: list[Instance], budgets_s: tuple[float, ...], solvers: Solvers, console: Console) -> Outcomes:
    load()
    runs = [(one, seconds, name) for one in sample for seconds in budgets_s for name in solvers]
    done = {}
    for one, seconds, name in track(runs, "Li & Lim", console=console, transient=True):
        done[one.name, seconds, name] = outcome(one, seconds, solvers[name])
    return done


def print_groups(sample: list[Instance], budgets_s: tuple[float, ...], solvers: Solvers, done: Outcomes) -> None:
    """Per group, budget and solver: means, and how many are within 2 %. Distances of different numbers of vehicles do not
    compare, so the mean distance is over the answers with as many vehicles as the best known, where there are any."""
    print(
        f"{'group':>8} {'n':>3} {'budget s':>8} {'solver':>9} {'vehicles':>9} {'distance':>9} {'within 2 %':>10} {'took s':>7}"
    )
    for group in (*dict.fromkeys(one.group for one in sample), "all"):
        names = [one.name for one in sample if group in (one.group, "all")]
        for seconds in budgets_s:
            for solver in solvers:
                rows = [done[name, seconds, solver] for name in names]
                served = [row for row in rows if not row.unserved]
                level = [row.distance for row in served if row.vehicles == 0]
                vehicles = f"{np.mean([row.vehicles for row in served]):+.2f}" if served else "none"
                distance = f"{100 * np.mean(level):+.2f} %" if level else "none"
                near, took = sum(row.near for row in rows), np.mean([row.seconds for row in rows])
                print(
                    f"{group:>8} {len(names):>3} {seconds:>8} {solver:>9} {vehicles:>9} {distance:>9} {near:>10} {took:>7.2f}"
                )


def print_bars(sample: list[Instance], budgets_s: tuple[float, ...], planners: Solvers, done: Outcomes) -> None:
    for seconds, planner in itertools.product(budgets_s, planners):
        ours = {one.name: done[one.name, seconds, planner] for one in sample}
        behind = [name for name, mine in ours.items() if mine.behind(done[name, seconds, "pyvroom"])]
        ahead = sum(done[name, seconds, "pyvroom"].behind(mine) for name, mine in ours.items())
        near, close = sum(mine.near for mine in ours.values()), sum(mine.distance <= 0.02 for mine in ours.values())
        print(
            f"{seconds} s, {planner}: {sum(mine.vehicles for mine in ours.values())} vehicles above the best known; within 2 % "
            f"on {near} of {len(sample)} ({close} by distance alone); ahead of pyvroom on {ahead}, behind on {len(behind)}"
            f"{': ' if behind else ''}{', '.join(behind)}"
        )


def market(orders: int, drivers: int, seed: int) -> Routing:
    """A random half hour of a city of twelve kilometres: goods ready within 15 minutes, wanted within 45 after that."""
    random = np.random.default_rng(seed)
    stores = random.normal(0.0, 2_000.0, (orders, 2))
    points = np.vstack(
        (stores, stores + random.normal(0.0, 2_000.0, (orders, 2)), random.normal(0.0, 3_000.0, (drivers, 2)))
    )
    travel_s = np.hypot(*(points[:, None] - points).transpose(2, 0, 1)) / 6.0
    row, ready_s = np.arange(orders), random.uniform(0, 900, orders)
    never, one = np.full(orders, np.inf), np.ones(orders, dtype=np.int64)
    requests = Requests(
        row, row + orders, ready_s, never, ready_s, ready_s + 2_700, np.full(orders, 120.0), np.full(orders, 180.0), one
    )
    start = np.arange(drivers) + 2 * orders
    shift_s = np.full(drivers, 7_200.0)
    vehicles = Vehicles(start, np.full(drivers, ANYWHERE), np.zeros(drivers), shift_s, np.full(drivers, 3))
    return Routing(requests, vehicles, travel_s)


def print_market(solvers: Solvers) -> None:
    print(f"\n{'orders':>8} {'drivers':>8} {'budget s':>8} {'solver':>9} {'served':>7} {'travel s':>9} {'took s':>7}")
    for orders, drivers, seconds in MARKET:
        for name in ("planner 1", "pyvroom"):
            solved = []
            for seed in range(5):
                routing = market(orders, drivers, seed)
                routes, took_s = timed(routing, seconds, solvers[name])
                solved.append((orders - len(routes.unserved), routes.travel_s, took_s))
            served, travel_s, took = np.mean(solved, axis=0)
            print(f"{orders:>8} {drivers:>8} {seconds:>8} {name:>9} {served:>7.1f} {travel_s:>9.0f} {took:>7.3f}")


def main(
    data: Path = DATA, budgets_s: tuple[float, ...] = BUDGETS_S, count: int | None = SAMPLE, seeds: int = 1
) -> None:
    """Measure `count` instances, or all when it is None."""
    ours = planners(seeds)
    solvers = ours | RIVALS
    if (data / "best_known.csv").is_file():
        found = instances(data)
        sample = found if count is None else chosen(found, count)
        done = measure(sample, budgets_s, solvers, Console(stderr=True))
        print_groups(sample, budgets_s, solvers, done)
        print_bars(sample, budgets_s, ours, done)
    else:
        print(f"The instances of Li and Lim are not in {data}: give their folder with --data. Going on without them.")
    print_market(solvers)
