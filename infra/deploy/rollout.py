"""When a new release may have more of the traffic: a rule over counted answers, old release beside new."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

STEPS = (5, 25, 50)
"""Percentages of the traffic before all of it."""

ENOUGH = 200
"""Answers of the new release without which nothing is decided."""

WORST = 0.05
"""Share of errors that is never accepted, whatever the old release does."""

Z = 2.58
"""Standard errors apart before a difference counts: one false alarm in two hundred."""


class Verdict(StrEnum):
    GO_ON = "go_on"
    WAIT = "wait"
    ROLL_BACK = "roll_back"


@dataclass(frozen=True, slots=True)
class Answers:
    """Counted over one step. `errors` are those with a status of 500 or more."""

    total: int
    errors: int

    @property
    def share(self) -> float:
        return self.errors / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    reason: str


def decide(old: Answers, new: Answers, *, patience_left: bool) -> Decision:
    """Two-proportion z-test of the error shares, one-sided. Without enough answers it waits while there is patience left,
    and then goes on only if there was no error at all."""
    if new.total < ENOUGH:
        if new.errors and new.share > WORST and new.errors >= 3:
            return Decision(Verdict.ROLL_BACK, f"{new.errors} of the first {new.total} answers were errors")
        if patience_left:
            return Decision(Verdict.WAIT, f"{new.total} answers are too few to tell")
        if new.errors:
            return Decision(Verdict.ROLL_BACK, f"{new.errors} of only {new.total} answers were errors")
        return Decision(Verdict.GO_ON, f"all {new.total} answers were good")
    if new.share > WORST:
        return Decision(Verdict.ROLL_BACK, f"{new.share:.1%} of the answers are errors")
    if z_score(old, new) > Z:
        return Decision(Verdict.ROLL_BACK, f"errors rose from {old.share:.2%} to {new.share:.2%}")
    return Decision(Verdict.GO_ON, f"{new.share:.2%} errors beside {old.share:.2%}")


def z_score(old: Answers, new: Answers) -> float:
    """How many standard errors the new share of errors lies above the old; 0 when nothing can be compared."""
    if not old.total or not new.total:
        return 0.0
    pooled = (old.errors + new.errors) / (old.total + new.total)
    spread = sqrt(pooled * (1 - pooled) * (1 / old.total + 1 / new.total))
    return (new.share - old.share) / spread if spread else 0.0
