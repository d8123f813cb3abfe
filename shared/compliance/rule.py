"""One row of the law."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.compliance.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Rule:
    """In force from `effective_from` to the day before `effective_to`; a row that is not `enforced` is on file for counsel.

    `confidence` says how sure the reading is: an L row is not enforced, or stands at its strict reading.
    """

    rule_id: str
    jurisdiction: str
    requires: Requirement
    effective_from: date
    effective_to: date | None
    source: str
    url: str | None
    confidence: Literal["H", "M", "L"]
    reviewed_at: date
    enforced: bool = True

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def covers(self, jurisdiction: str) -> bool:
        """Whether the place lies in the rule's jurisdiction: `US-TX` lies in `US`."""
        return jurisdiction == self.jurisdiction or jurisdiction.startswith(f"{self.jurisdiction}-")
