"""The port to a provider of age checks."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is to be checked. It goes to the provider and nowhere else: it is never stored, logged or put in evidence."""

    full_name: str
    birth_date: date
    residence_line: str

    def __repr__(self) -> str:
        return "Subject(…)"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`pending` means the provider will tell later. `evidence` names the kind of proof."""

    status: Literal["passed", "failed", "pending"]
    provider: str
    evidence: Literal["database_check", "document_check"]
    reference: str


class AgeVerifier(Protocol):
    def check(self, check_id: str, subject: Subject, *, minimum_age: int, today: date) -> CheckResult:
        """Ask once per `check_id`; asking again gives the same check. Raises Unavailable."""
        ...
