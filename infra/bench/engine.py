"""How much a whole tick of the engine costs beside the bare flow that any matching needs.

`python -m infra.bench.engine` prints a table. The stages of a row are measured in turns, and the best of the repeats
counts: the machine's noise only ever adds.
"""

from time import perf_counter

import numpy as np

from infra.bench.flow import Network, flow, network
from shared.dispatch.engine import Drivers, Jobs, Parameters, Problem, Region, solve
from shared.dispatch.engine.candidates import nearest
from shared.dispatch.engine.matching import match
from shared.dispatch.engine.roads import measure as measure_roads
from shared.routing.haversine import HaversineRouter

SIZES = ((30_000, 5_000), (5_000, 5_000), (3_000, 500), (500, 3_000), (300, 50))
"""(drivers, jobs): a country, the same with a driver to each job, a city, the city in a surge, a small town."""

ZONES = 64


def city(n_drivers: int, n_jobs: int, seed: int) -> Problem:
    """A random tick over a metropolis of half a degree: demand thick in the middle, drivers a little wider."""
    random = np.random.default_rng(seed)
    pickup = random.normal((32.8, -96.8), 0.10, (n_jobs, 2))
    dropoff = pickup + random.normal(0.0, 0.03, (n_jobs, 2))
    position = random.normal((32.8, -96.8), 0.13, (n_drivers, 2))
    jobs = Jobs(
        id=np.char.add("tsk_", np.arange(n_jobs).astype(str)),
        pickup_lat=pickup[:, 0],
        pickup_lng=pickup[:, 1],
        dropoff_lat=dropoff[:, 0],
        dropoff_lng=dropoff[:, 1],
        ready_s=random.uniform(-300, 900, n_jobs),
        promised_s=random.uniform(600, 3_000, n_jobs),
        carry_s=np.full(n_jobs, np.nan),
        payout_minor=random.integers(500, 1_500, n_jobs),
        attempts=random.poisson(0.3, n_jobs),
        restricted=random.random(n_jobs) < 0.7,
        age_s=random.exponential(60, n_jobs),
        zone=random.integers(0, ZONES, n_jobs),
        refusal_rate=random.beta(1, 20, n_jobs),
    )
    drivers = Drivers(
        id=np.char.add("drv_", np.arange(n_drivers).astype(str)),
        lat=position[:, 0],
        lng=position[:, 1],
        available_s=np.where(random.random(n_drivers) < 0.7, 0.0, random.uniform(0, 600, n_drivers)),
        capacity=np.ones(n_drivers, dtype=np.int64),
        load=random.integers(0, 2, n_drivers),
        position_age_s=random.uniform(0, 60, n_drivers),
        rating=random.uniform(3.5, 5.0, n_drivers),
        acceptance=random.beta(8, 2, n_drivers),
        failure_rate=random.beta(1, 60, n_drivers),
        paid_rate=random.gamma(9, 200, n_drivers),
        shift_left_s=random.uniform(600, 20_000, n_drivers),
        documents_left_s=random.uniform(3_600, 1e7, n_drivers),
        zone=random.integers(0, ZONES, n_drivers),
    )
    region = Region(18.5, 1_800.0, random.poisson(40.0, ZONES).astype(float), random.poisson(30.0, ZONES).astype(float))
    return Problem(jobs, drivers, region, np.empty((0, 2), dtype=np.int64))


def measure(n_drivers: int, n_jobs: int, repeats: int) -> dict[str, float]:
    """Best milliseconds of each stage over the repeats, and the ratio of the whole tick to the bare flow.

    `tick_ms`: candidates, travel times, costs, matching and reasons, from a Problem to a Plan. `solve_ms`: of it, what
    follows the travel times; `match_ms`: of that, the matching. `flow_ms`: what is left to do when the network of that very
    tick is given, namely to hand its arcs to the solver, to solve and to read the flows.
    """
    problem, parameters, router = city(n_drivers, n_jobs, seed=1), Parameters(), HaversineRouter()
    best = dict.fromkeys(("tick_ms", "flow_ms", "candidates_ms", "solve_ms", "match_ms"), float("inf"))
    net = network_of(problem, parameters, router)
    for _ in range(repeats):
        start = perf_counter()
        nearest(problem, parameters.neighbours)
        candidates = perf_counter()
        measured = measure_roads(problem, router, parameters, "haversine")
        roads = perf_counter()
        plan = solve(measured, parameters, seed=7)
        solved = perf_counter()
        flow(net)
        flowed = perf_counter()
        match(plan.job, plan.driver, plan.terms.cost, plan.wait_price_s, problem.drivers.capacity, 300.0, seed=7)
        matched = perf_counter()
        laps = (solved - candidates, flowed - solved, candidates - start, solved - roads, matched - flowed)
        best = {name: min(best[name], 1e3 * lap) for name, lap in zip(best, laps, strict=True)}
    return best | {"ratio": best["tick_ms"] / best["flow_ms"], "edges": len(plan.job), "offers": len(plan.chosen)}


def network_of(problem: Problem, parameters: Parameters, router: HaversineRouter) -> Network:
    """The flow that `solve` decides this problem by, with seed 7."""
    measured = measure_roads(problem, router, parameters, "haversine")
    plan, capacity = solve(measured, parameters, seed=7), problem.drivers.capacity
    return network(plan.job, plan.driver, plan.terms.cost, plan.wait_price_s, capacity, parameters.surcharge_s)


def main() -> None:
    columns = ("candidates_ms", "match_ms", "solve_ms", "tick_ms", "flow_ms", "ratio", "edges", "offers")
    print(f"{'drivers':>8} {'jobs':>6}", *(f"{name:>14}" for name in columns))
    for n_drivers, n_jobs in SIZES:
        figures = measure(n_drivers, n_jobs, repeats=100 if n_jobs < 5_000 else 5)
        print(f"{n_drivers:>8} {n_jobs:>6}", *(f"{figures[name]:>14.2f}" for name in columns))


if __name__ == "__main__":
    main()
