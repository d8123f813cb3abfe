"""The FAST loop: one tick of one region. Snapshot → roads → solve → offers, in one transaction under the region's lease.

A tick that dies leaves nothing: its transaction held the lease, the offers and the row that explains them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.dispatch import commit, lease, slots, snapshot
from shared.dispatch.engine import Acceptance, Parameters, Plan, Problem, measure, solve, to_bytes
from shared.kernel.errors import NotFound
from shared.routing.fallback import Recording
from shared.routing.protocol import Router
from shared.storage.work import Work

LOOP = "fast"

Stopwatch = Callable[[], float]
"""Seconds from some fixed moment, for measuring; `time.perf_counter` outside tests."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What became of a slot. `late`: it came too late; `taken`: it, or a later one, ran already or runs now."""

    outcome: Literal["ran", "idle", "late", "taken"]
    tick_id: str | None = None
    jobs: int = 0
    drivers: int = 0
    offers: int = 0


def run(
    work: Work, region_id: str, slot_at: datetime, parameters: Parameters, router: Router, stopwatch: Stopwatch
) -> Tick:
    """Decide one slot of a region. Raises NotFound for an unknown region."""
    started_s = stopwatch()
    region = work.one(_REGION, region_id=region_id)
    if region is None:
        raise NotFound.of("region", region_id)
    if work.now - slot_at > slots.TOO_LATE:
        return Tick("late")
    if not lease.take(work, region_id, LOOP, slot_at):
        return Tick("taken")
    if region["acceptance"] is not None:
        parameters = replace(parameters, acceptance=Acceptance(**region["acceptance"]))
    seen = snapshot.read(work, region_id, region["timezone"])
    jobs, drivers = seen.shape
    if not (jobs and drivers):
        return Tick("idle", jobs=jobs, drivers=drivers)
    problem = _measured(seen, router, parameters)
    seed = int(slot_at.timestamp())
    solving_s = stopwatch()
    plan = solve(problem, parameters, seed)
    solved_s = stopwatch()
    tick_id = work.new_id("tck")
    made = commit.offers(work, region_id, tick_id, problem, plan)
    _remember(
        work,
        tick_id,
        region_id,
        slot_at,
        problem,
        plan,
        parameters,
        made,
        solved_s - solving_s,
        stopwatch() - started_s,
    )
    if made < jobs:
        slots.wake(work, region_id)
    return Tick("ran", tick_id, jobs, drivers, made)


def _measured(seen: Problem, router: Router, parameters: Parameters) -> Problem:
    """The problem with its road times, under the name of the router that really gave them."""
    recording = Recording(router)
    problem = measure(seen, recording, parameters, router.name)
    roads = problem.roads
    return problem if roads is None else problem.with_roads(replace(roads, router=recording.router))


def _remember(
    work: Work, tick_id: str, region_id: str, slot_at: datetime, problem: Problem, plan: Plan, parameters: Parameters,
    offers: int, solve_s: float, total_s: float,
) -> None:  # fmt: skip
    """The row from which `explanation` replays this tick, bit for bit."""
    jobs, drivers = problem.shape
    work.run(
        _TICK,
        tick_id=tick_id,
        region_id=region_id,
        slot_at=slot_at,
        now=work.now,
        jobs=jobs,
        drivers=drivers,
        offers=offers,
        solve_ms=solve_s * 1_000,
        total_ms=total_s * 1_000,
        seed=plan.seed,
        parameters=json.dumps(parameters.to_dict()),
        problem=to_bytes(problem),
    )


_REGION = """
    SELECT timezone, (SELECT coefficients FROM acceptance_models WHERE promoted ORDER BY trained_at DESC LIMIT 1) AS acceptance
    FROM regions WHERE region_id = :region_id
"""
_TICK = """
    INSERT INTO ticks (tick_id, region_id, slot_at, at, jobs, drivers, offers, solve_ms, total_ms, seed, parameters, problem)
    VALUES (:tick_id, :region_id, :slot_at, :now, :jobs, :drivers, :offers, :solve_ms, :total_ms, :seed, :parameters,
            :problem)
"""
