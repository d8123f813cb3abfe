"""What an operator may set about a decision: frozen, versioned, with units. Stored with every tick."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from shared.dispatch.engine.acceptance import Acceptance


class Policy(StrEnum):
    """How a pair is priced: the full objective, or the four-line scorecard that operators compare it with."""

    OBJECTIVE = "objective"
    SCORECARD = "scorecard"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the objective; each turns its term into seconds.

    version   named in every plan and offer log
    travel    α, seconds per second on the way to the pickup
    lateness  β, seconds per convex second of lateness
    eta       γ, seconds per second until the door
    risk      ρ, seconds that a certain failure is worth
    fairness  λ, seconds for a driver who earns twice the region's median
    zone      μ, seconds for drawing the only driver out of a zone in need
    """

    version: str = "2026-11-a"
    travel: float = 1.0
    lateness: float = 2.0
    eta: float = 0.5
    risk: float = 900.0
    fairness: float = 60.0
    zone: float = 60.0

    def __post_init__(self) -> None:
        if min(self.travel, self.lateness, self.eta, self.risk, self.fairness, self.zone) < 0:
            raise ValueError("weights must not be negative")


@dataclass(frozen=True, slots=True)
class Clockwork:
    """How time turns into cost.

    pickup_dwell_s      spent in the store once driver and goods are both there
    idle_rate           cost of a second a driver waits for goods, in seconds of eta
    stale_rate          cost of a second ready goods wait for a driver, in seconds of eta
    lateness_knee_s     up to here a late second hurts more than the one before; beyond it each costs two
    """

    pickup_dwell_s: float = 120.0
    idle_rate: float = 0.3
    stale_rate: float = 0.3
    lateness_knee_s: float = 900.0


@dataclass(frozen=True, slots=True)
class Margins:
    """When a pair begins to look risky.

    documents_s  documents that lapse within this time after the door
    shift_s      a shift that ends within this time after the door, with goods that may have to go back to the store
    silence_s    time constant with which a position that nobody refreshed is distrusted
    """

    documents_s: float = 3_600.0
    shift_s: float = 1_200.0
    silence_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The price of leaving a job for the next slot, above the dearest pair.

    hold_s      margin above the dearest pair
    rate        seconds of price per second the job has been open; positive, so nobody waits for ever
    doubling_s  the rate doubles when the job has been open this long, trebles after twice as long, and so on
    urgency_s   seconds of price per failed offer
    """

    hold_s: float = 300.0
    rate: float = 1.0
    doubling_s: float = 300.0
    urgency_s: float = 120.0

    def __post_init__(self) -> None:
        if min(self.rate, self.doubling_s) <= 0 or min(self.hold_s, self.urgency_s) < 0:
            raise ValueError("rate and doubling_s must be positive, hold_s and urgency_s not negative")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything `solve` needs beside the problem.

    neighbours    K, drivers considered per job, nearest first
    reach_s       no driver further than this from the pickup
    horizon_s    jobs whose goods are ready later than this are left for a later tick
    surcharge_s   added for each further job one driver gets in the same tick
    """

    weights: Weights = field(default_factory=Weights)
    acceptance: Acceptance = field(default_factory=Acceptance)
    clockwork: Clockwork = field(default_factory=Clockwork)
    margins: Margins = field(default_factory=Margins)
    waiting: Waiting = field(default_factory=Waiting)
    policy: Policy = Policy.OBJECTIVE
    neighbours: int = 16
    reach_s: float = 2_700.0
    horizon_s: float = 1_200.0
    surcharge_s: float = 300.0

    def __post_init__(self) -> None:
        if self.neighbours < 1 or min(self.reach_s, self.horizon_s, self.surcharge_s) < 0:
            raise ValueError("neighbours must be at least 1; reach_s, horizon_s and surcharge_s not negative")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Parameters:
        """The inverse of `to_dict`. Raises TypeError on unknown names, ValueError on impossible values."""
        parts = {
            "weights": Weights,
            "acceptance": Acceptance,
            "clockwork": Clockwork,
            "margins": Margins,
            "waiting": Waiting,
        }
        typed: dict[str, Any] = {
            name: parts[name](**value) if name in parts else value for name, value in values.items()
        }
        return cls(**typed | {"policy": Policy(values.get("policy", Policy.OBJECTIVE))})
