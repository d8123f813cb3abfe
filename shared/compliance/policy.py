"""The policy of a place on a day: the rows of the law that hold there and then. No handler knows a rule by itself."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from shared.compliance.law import RULES
from shared.compliance.requirements import (
    DriverDocument,
    Gate,
    Label,
    MinimumAge,
    Retention,
    RetentionFromReport,
    Statement,
    ViolationCount,
)
from shared.compliance.rule import Rule

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Policy:
    """`rules` are all rows in force, `version` names exactly those that are enforced."""

    jurisdiction: str
    day: date
    rules: tuple[Rule, ...]
    version: str

    @property
    def enforced(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.enforced)

    def on(self, kind: type[R]) -> list[tuple[Rule, R]]:
        """The enforced rows that require something of this kind, each with what it requires."""
        return [(rule, rule.requires) for rule in self.enforced if isinstance(rule.requires, kind)]

    def of(self, gate: Gate) -> tuple[Rule, ...]:
        """The enforced rows that a gate asks by."""
        return tuple(rule for rule in self.enforced if rule.requires.gate == gate)

    @property
    def minimum_age(self) -> int:
        """The strictest of all that apply: a state may raise the federal age, never lower it. Years.

        Raises ValueError where no age is on file; the age gate refuses any sale there.
        """
        return max(age.years for _, age in self.on(MinimumAge))

    @property
    def retentions(self) -> tuple[Retention | RetentionFromReport, ...]:
        from_sales = (retention for _, retention in self.on(Retention))
        from_reports = (retention for _, retention in self.on(RetentionFromReport))
        return (*from_sales, *from_reports)

    @property
    def retain_until(self) -> date:
        """The last day on which the record of a sale of this day must exist: the latest of all that apply.

        Raises ValueError where none is on file; the record gate refuses any sale there.
        """
        return max(retention.until(self.day) for retention in self.retentions)

    @property
    def statement(self) -> Statement | None:
        """What a purchaser of restricted goods certifies: the newest row's, of the narrowest place."""
        return _latest(self.on(Statement))

    @property
    def label(self) -> Label | None:
        """What must stand on a parcel with restricted goods."""
        return _latest(self.on(Label))

    @property
    def violation_count(self) -> ViolationCount | None:
        """How violations found at a store add up; None where no law on file says so."""
        return _latest(self.on(ViolationCount))

    @property
    def driver_documents(self) -> tuple[DriverDocument, ...]:
        return tuple(document for _, document in self.on(DriverDocument))


def policy(jurisdiction: str, day: date, rules: tuple[Rule, ...] | None = None) -> Policy:
    """The rows of a jurisdiction and of everything that contains it (`US-TX` lies in `US`) on a day; of the law on file,
    or of the given `rules`."""
    return _on_file(jurisdiction, day) if rules is None else _select(jurisdiction, day, rules)


@lru_cache(maxsize=256)
def _on_file(jurisdiction: str, day: date) -> Policy:
    return _select(jurisdiction, day, RULES)


def _select(jurisdiction: str, day: date, rules: Iterable[Rule]) -> Policy:
    applying = tuple(rule for rule in rules if rule.covers(jurisdiction) and rule.holds_on(day))
    enforced = [rule for rule in applying if rule.enforced]
    newest = max((rule.effective_from for rule in enforced), default=day)
    named = sorted(f"{rule.rule_id} {rule.jurisdiction} {rule.effective_from} {rule.requires!r}" for rule in enforced)
    digest = hashlib.sha256("\n".join(named).encode()).hexdigest()[:8]
    return Policy(jurisdiction, day, applying, f"{jurisdiction.lower()}-{newest.isoformat()}-{digest}")


def _latest(found: list[tuple[Rule, R]]) -> R | None:
    newest = max(found, key=lambda pair: (len(pair[0].jurisdiction), pair[0].effective_from), default=None)
    return newest[1] if newest else None
