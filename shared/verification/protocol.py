"""The port to a provider of age checks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

Evidence = Literal["database_check", "document_check", "statement"]
"""What an answer rests on: a commercial database that the seller cannot alter, a document beside a face, or only what the
customer said, which can fail a check and never pass one. They are different evidence in law and are never mixed up."""


class Outcome(StrEnum):
    """How a check stands with its provider. Only `approved` passes."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    REVIEW = "review"
    """The provider would have a person decide."""
    ABANDONED = "abandoned"
    """The customer did not finish it."""
    ERROR = "error"
    WITHDRAWN = "withdrawn"
    """The order ended first, so that nobody needs the answer any more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is to be checked. It goes to the provider and nowhere else: it is never stored, logged or put in evidence."""

    full_name: str
    birth_date: date
    residence_line: str

    def __repr__(self) -> str:
        return "Subject(…)"


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """`minimum_age` in years. `held_as` is the provider's id of the person, known from an attempt that broke off."""

    check_id: str
    subject: Subject
    minimum_age: int
    held_as: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`reference` is the provider's id of the check. `sdk_token` lets the customer's own device take the pictures of a
    check that is pending; it is shown to the customer and never stored with the check."""

    check_id: str
    outcome: Outcome
    provider: str
    evidence: Evidence
    reference: str
    sdk_token: str | None = None

    def __repr__(self) -> str:
        return f"CheckResult({self.check_id}, {self.outcome}, {self.provider})"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the provider holds nothing more about a person: its own words. `at` is its `Date`, `request_id` its own."""

    provider: str
    held_as: str
    status: int
    request_id: str
    at: str


class AgeVerifier(Protocol):
    """Every method raises Unavailable when the provider does not answer, is overloaded or fails."""

    provider: str
    evidence: Evidence

    def check(self, request: CheckRequest, hold: Callable[[str], None]) -> CheckResult:
        """Begin a check, or go on with the one that was begun for this `check_id`.

        `hold` is called with the provider's id of the person before anything else is asked, so that the person can be
        deleted there whatever happens next. Raises BadInput for what the provider cannot take.
        """
        ...

    def find(self, check_id: str) -> CheckResult | None:
        """How a check stands; None when the provider has none for this id."""
        ...

    def held_long(self) -> list[str]:
        """People whom the provider has held for longer than it takes to begin a check."""
        ...

    def forget(self, held_as: str) -> Receipt:
        """Have a person deleted; asking again gives a receipt as well."""
        ...
