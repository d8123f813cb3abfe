"""What an operator may set about a decision: frozen, versioned, with units. Stored with every tick."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any

from shared.dispatch.engine.acceptance import Acceptance

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Policy(StrEnum):
    """How pairs are priced and matched.

    MIN_COST_FLOW   the full objective, matched by min-cost flow
    WEIGHTED_SCORE  distance, rating, acceptance and load, matched by min-cost flow
    NEAREST         each job, oldest first, to the nearest candidate who is left
    """

    MIN_COST_FLOW = "min_cost_flow"
    WEIGHTED_SCORE = "weighted_score"
    NEAREST = "nearest"


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
    carry_back  seconds per expected second of the way back to the store after a refusal at the door; part of the risk
    """

    version: str = "2026-11-a"
    travel: float = 1.0
    lateness: float = 2.0
    eta: float = 0.5
    risk: float = 900.0
    fairness: float = 60.0
    zone: float = 60.0
    carry_back: float = 0.0

    def __post_init__(self) -> None:
        _check(self)


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

    def __post_init__(self) -> None:
        _check(self, positive=("lateness_knee_s",))


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

    def __post_init__(self) -> None:
        _check(self, positive=("documents_s", "shift_s", "silence_s"))


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
        _check(self, positive=("rate", "doubling_s"))


@dataclass(frozen=True, slots=True)
class Timing:
    """When to decide, beside what; `engine.timing` has the rules.

    hold               leave a job that is not urgent while a better driver is likely to come free (not under NEAREST)
    hold_cost          seconds of cost that a second of holding is charged: the present best may be gone meanwhile
    cycle_s            mean time a job keeps its driver busy, by which the rate of drivers coming free is told
    lead_s             kept in hand before the latest departure, for the offer to be answered
    just_in_time       send an offer only when its driver would come to the store about when the goods are ready
    slack_s            how long before the goods such a driver may come; covers the time to answer
    pool_saving_share  of the shorter job's own length, what pooling two jobs has to save
    """

    hold: bool = False
    hold_cost: float = 0.2
    cycle_s: float = 1_500.0
    lead_s: float = 30.0
    just_in_time: bool = False
    slack_s: float = 90.0
    pool_saving_share: float = 0.5

    def __post_init__(self) -> None:
        _check(self, positive=("hold_cost", "cycle_s"), shares=("pool_saving_share",))


@dataclass(frozen=True, slots=True)
class Exploration:
    """A small random part of the decisions, so that the offer log also tells of drivers who were not the first choice.

    rate           ε, probability that a job's driver is drawn; 0: never
    margin_s       how much dearer than the first choice a drawn driver may be
    temperature_s  τ, of the softmax by which they are drawn: small keeps close to the cheapest
    """

    rate: float = 0.0
    margin_s: float = 60.0
    temperature_s: float = 30.0

    def __post_init__(self) -> None:
        _check(self, positive=("temperature_s",), shares=("rate",))


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
    timing: Timing = field(default_factory=Timing)
    exploration: Exploration = field(default_factory=Exploration)
    policy: Policy = Policy.MIN_COST_FLOW
    neighbours: int = 16
    reach_s: float = 2_700.0
    horizon_s: float = 1_200.0
    surcharge_s: float = 300.0

    def __post_init__(self) -> None:
        _check(self, positive=("neighbours", "reach_s"))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Parameters:
        """The inverse of `to_dict`; what is left out has its default. Raises ValueError on nonsense, and says which."""
        return cls().overridden(values)

    def overridden(self, values: dict[str, Any]) -> Parameters:
        """These parameters with some values changed, in the shape of `to_dict`. Raises ValueError on nonsense."""
        _check_names("parameters", self, values)
        changed: dict[str, Any] = {name: _typed(name, getattr(self, name), value) for name, value in values.items()}
        return replace(self, **changed)


def _typed(name: str, present: Any, value: Any) -> Any:
    """A value as it comes from JSON, as what takes the place of the present one."""
    if isinstance(present, Policy):
        if value not in list(Policy):
            raise ValueError(f"policy must be one of {', '.join(Policy)}, not {value!r}")
        return Policy(value)
    if not is_dataclass(present) or isinstance(present, type):
        return value
    _check_names(name, present, value)
    return replace(present, **value)


def _check_names(name: str, table: DataclassInstance, values: Any) -> None:
    known = [entry.name for entry in fields(table)]
    if not isinstance(values, dict):
        raise ValueError(f"{name} must be an object with some of {', '.join(known)}, not {values!r}")
    for unknown in values.keys() - known:
        raise ValueError(f"{name} has no {unknown!r}; it has {', '.join(known)}")


def _check(table: DataclassInstance, positive: tuple[str, ...] = (), shares: tuple[str, ...] = ()) -> None:
    """Raise ValueError unless every value is of its declared type and every number finite and not negative."""
    for entry in fields(table):
        name, value = f"{type(table).__name__.lower()}.{entry.name}", getattr(table, entry.name)
        if entry.type == "bool" and not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, not {value!r}")
        if entry.type == "str" and not (isinstance(value, str) and value):
            raise ValueError(f"{name} must be a text, not {value!r}")
        if entry.type not in ("int", "float"):
            continue
        accepted = int if entry.type == "int" else (int, float)
        if isinstance(value, bool) or not isinstance(value, accepted) or not isfinite(value):
            raise ValueError(f"{name} must be a {'whole ' if entry.type == 'int' else ''}number, not {value!r}")
        if value < 0 or (value == 0 and entry.name in positive) or (value > 1 and entry.name in shares):
            limits = "from 0 to 1" if entry.name in shares else "above 0" if entry.name in positive else "not negative"
            raise ValueError(f"{name} must be {limits}, not {value!r}")
