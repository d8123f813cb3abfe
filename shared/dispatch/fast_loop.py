"""The FAST loop: one tick of one region. Snapshot → roads → solve → offers, in one transaction under the region's lease.

A tick that dies leaves nothing: its transaction held the lease, the offers and the row that explains them.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from shared.dispatch import announcements, commit, lease, slots, snapshot, tuning
from shared.dispatch.engine import Acceptance, Parameters, Plan, Problem, solve
from shared.dispatch.engine.roads import measure
from shared.dispatch.laps import Laps, Stopwatch
from shared.kernel.errors import NotFound
from shared.routing.fallback import Recording
from shared.routing.protocol import Router, RouterAt
from shared.storage.connection import Row
from shared.storage.work import Work

LOOP = "fast"


@dataclass(frozen=True, slots=True)
class Tick:
    """What became of a slot. `late`: it came too late; `taken`: it, or a later one, ran already, or another one runs now."""

    outcome: Literal["ran", "idle", "late", "taken"]
    tick_id: str | None = None
    jobs: int = 0
    drivers: int = 0
    offers: int = 0


def run(
    work: Work, region_id: str, slot_at: datetime, parameters: Parameters, routers: RouterAt, stopwatch: Stopwatch
) -> Tick:
    """Decide one slot of a region. Raises NotFound for an unknown region."""
    laps = Laps(stopwatch)
    work.run_later(_ONE_PLAN)
    region = lease.take(work, region_id, LOOP, slot_at)
    if region is None:
        raise NotFound.of("region", region_id)
    if slot_at < work.now - slots.TOO_LATE:
        slots.skip(work, region_id, slot_at, "late")
        return Tick("late")
    if not region["taken"]:
        slots.skip(work, region_id, slot_at, "taken")
        return Tick("taken")
    laps.end("lease")
    parameters = _in_force(parameters, region_id, region)
    seen = snapshot.read(work, region_id, region["timezone"], laps)
    jobs, drivers = seen.shape
    if not (jobs and drivers):
        return Tick("idle", jobs=jobs, drivers=drivers)
    problem = _measured(seen, routers(work.now.astimezone(ZoneInfo(region["timezone"])).time()), parameters)
    laps.end("roads")
    with work.pipeline(commit.hold(problem)) as answers:
        plan = solve(problem, parameters, int(slot_at.timestamp()))
        held = commit.Held.of(answers.rows()[0])
    laps.end("solve")
    tick_id = work.new_id("tck")
    made, replay = commit.offers(work, region_id, tick_id, problem, plan, held, laps)
    _remember(work, tick_id, region_id, slot_at, problem, plan, parameters, replay, made, laps)
    work.afterwards(lambda: announcements.of_tick(work, tick_id))
    if made < jobs:
        slots.wake(work, region_id)
    return Tick("ran", tick_id, jobs, drivers, made)


def _in_force(default: Parameters, region_id: str, region: Row) -> Parameters:
    """The platform's parameters with the region's own and the model that was learnt."""
    chosen = default
    if region["parameters"] is not None:
        chosen = tuning.applied(default, region_id, region["version"], region["parameters"])
    if region["acceptance"] is not None:
        chosen = replace(chosen, acceptance=Acceptance(**region["acceptance"]))
    return chosen


def _measured(seen: Problem, router: Router, parameters: Parameters) -> Problem:
    """The problem with its road times, under the name of the router that really gave them."""
    recording = Recording(router)
    problem = measure(seen, recording, parameters, router.name)
    roads = problem.roads
    return problem if roads is None else problem.with_roads(replace(roads, router=recording.router))


def _remember(
    work: Work, tick_id: str, region_id: str, slot_at: datetime, problem: Problem, plan: Plan, parameters: Parameters,
    replay: bytes, offers: int, laps: Laps,
) -> None:  # fmt: skip
    """The row from which `explanation` replays this tick, bit for bit."""
    jobs, drivers = problem.shape
    work.run_later(
        _TICK,
        tick_id=tick_id,
        region_id=region_id,
        slot_at=slot_at,
        now=work.now,
        jobs=jobs,
        drivers=drivers,
        offers=offers,
        solve_ms=laps.ms["solve"],
        total_ms=laps.total_ms,
        stages=json.dumps(laps.ms),
        seed=plan.seed,
        parameters=json.dumps(parameters.to_dict()),
        problem=replay,
    )


# Postgres would plan the reads anew for each region, every time: for a small one that takes as long as to read it.
_ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan"
_TICK = """
    INSERT INTO ticks (tick_id, region_id, slot_at, at, jobs, drivers, offers, announced, solve_ms, total_ms, stages, seed,
                       parameters, problem)
    VALUES (:tick_id, :region_id, :slot_at, :now, :jobs, :drivers, :offers, CAST(:offers AS integer) = 0, :solve_ms,
            :total_ms, :stages, :seed, :parameters, :problem)
"""
