"""Plan: what a tick decided, and everything it weighed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints, columns_of, take_over
from shared.dispatch.engine.problem import Problem


class Reason(StrEnum):
    """Why a job was left for a later slot.

    HELD     not urgent, and a nearer driver is likely to come free
    NOT_YET  matched, and the driver would stand in the store if asked now
    """

    NO_DRIVERS = "no_drivers"
    NO_CANDIDATES = "no_candidates"
    OUT_OF_REACH = "out_of_reach"
    TOO_EARLY = "too_early"
    DRIVERS_TAKEN = "drivers_taken"
    WAITING_IS_CHEAPER = "waiting_is_cheaper"
    HELD = "held"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of each edge, float64[edges], weighted: seconds. cost = sum of the six / p_accept, never below 0."""

    travel: Floats
    lateness: Floats
    eta: Floats
    risk: Floats
    fairness: Floats
    zone: Floats
    p_accept: Floats
    cost: Floats

    def __post_init__(self) -> None:
        take_over(self)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The decision of one tick over a Problem's rows.

    weights_version, acceptance_version, seed   what decided, beside the problem
    job, driver    int64[edges], the candidates, grouped by job
    approach_s     float64[edges], seconds on the way to the pickup
    eta_s          float64[edges], seconds from now to the door
    terms          each candidate's terms
    chosen         int64[offers], the edges to offer, one per served job, by job
    propensity     float64[offers], the probability with which that edge would be chosen, given what the tick saw
    explored       bool[offers], whether a draw among near equals decided
    not_yet        int64[later], edges that are chosen too, and to be offered nearer to the time the goods are ready
    waiting        int64[unserved], jobs left for a later slot, with `reasons` of the same length
    wait_price_s   float64[jobs], what leaving the job costs; comparable with terms.cost
    cost_s         float: chosen edges, surcharges and wait prices together
    """

    weights_version: str
    acceptance_version: str
    seed: int
    job: Ints
    driver: Ints
    approach_s: Floats
    eta_s: Floats
    terms: Terms
    chosen: Ints
    propensity: Floats
    explored: Flags
    not_yet: Ints
    waiting: Ints
    reasons: tuple[Reason, ...]
    wait_price_s: Floats
    cost_s: float

    def __post_init__(self) -> None:
        take_over(self)

    def pairs(self, problem: Problem) -> list[tuple[str, str]]:
        """(job id, driver id) of every offer to make."""
        jobs = problem.jobs.id[self.job[self.chosen]].tolist()
        drivers = problem.drivers.id[self.driver[self.chosen]].tolist()
        return list(zip(jobs, drivers, strict=True))

    def digest(self) -> str:
        """SHA-256 over every array: two plans with the same digest decided the same for the same reasons."""
        digest = hashlib.sha256(repr((self.weights_version, self.acceptance_version, self.seed, self.cost_s)).encode())
        for table in (self, self.terms):
            for name, column in columns_of(table).items():
                digest.update(name.encode() + np.ascontiguousarray(column).tobytes())
        digest.update(",".join(self.reasons).encode())
        return digest.hexdigest()
