"""Violations that authorities found at a store: how many add up on a day, and what one more would bring. Pure.

Nothing here refuses a sale. What a violation leads to is the authority's decision, and it reaches the sale by the store's
permit: one that was suspended or revoked is reviewed so, and the merchant gate asks for one in force.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.compliance.policy import Policy
from shared.compliance.requirements import Penalty, ViolationCount, ViolationKind
from shared.compliance.rule import Rule


@dataclass(frozen=True, slots=True)
class Violation:
    """`occurred_on` is the store's own date; one that was withdrawn never counts."""

    id: str
    kind: ViolationKind
    occurred_on: date
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """`counted` are the violations that add up between `since` and the day of asking, both included, by id.

    `penalty` is the row for the next one, None where no law on file has any.
    """

    since: date
    counted: tuple[str, ...]
    penalty: tuple[Rule, Penalty] | None

    @property
    def next_number(self) -> int:
        return len(self.counted) + 1


def outlook(found: Tally | None) -> str:
    """What the store should know, as a sentence or two."""
    if found is None or found.penalty is None:
        return "No law on file says what violations at this store would add up to."
    _, penalty = found.penalty
    return (
        f"One more violation now would be number {found.next_number} of those that add up and may bring {penalty.consequence}. "
        "The authority decides; restricted goods are sold for as long as the store's permit is in force."
    )


def tally(law: Policy, violations: Iterable[Violation], day: date) -> Tally | None:
    """None where the law on file does not count violations."""
    count = law.violation_count
    if count is None:
        return None
    since = months_before(day, count.months)
    counted = tuple(each.id for each in violations if _adds_up(each, count, since, day))
    reached = [(rule, penalty) for rule, penalty in law.on(Penalty) if penalty.number <= len(counted) + 1]
    return Tally(since, counted, max(reached, key=lambda row: row[1].number, default=None))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last: 2023-02-28 is a year before 2024-02-29."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _adds_up(violation: Violation, count: ViolationCount, since: date, day: date) -> bool:
    return not violation.withdrawn and violation.kind in count.kinds and since <= violation.occurred_on <= day
