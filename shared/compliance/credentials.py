"""Permits of merchants and documents of drivers: what there is, its life as one table, what it is worth on a day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.kernel.errors import Conflict
from shared.kernel.roles import Role


class PermitKind(StrEnum):
    """`noncompliant_list_check` is the finding that the merchant is not on the list; it is good for a time like a permit."""

    E_CIGARETTE_RETAIL = "e_cigarette_retail"
    SALES_TAX = "sales_tax"
    ATF_REGISTRATION = "atf_registration"
    STATE_REGISTRATION = "state_registration"
    NONCOMPLIANT_LIST_CHECK = "noncompliant_list_check"


class DocumentKind(StrEnum):
    LICENCE = "licence"
    INSURANCE = "insurance"
    REGISTRATION = "registration"
    BACKGROUND_CHECK = "background_check"
    DRIVING_RECORD = "driving_record"
    PHOTO = "photo"


class Standing(StrEnum):
    MISSING = "missing"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VERIFIED = "verified"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REVOKED = "revoked"


class CredentialStep(StrEnum):
    SUBMIT = "submit"
    BEGIN_REVIEW = "begin_review"
    VERIFY = "verify"
    REJECT = "reject"
    REVOKE = "revoke"
    NEAR_EXPIRY = "near_expiry"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class CredentialTransition:
    step: CredentialStep
    sources: tuple[Standing, ...]
    target: Standing
    roles: frozenset[Role]


_HOLDER = frozenset({Role.MERCHANT, Role.DRIVER, Role.ADMIN})
_REVIEWER, _PLATFORM = frozenset({Role.ADMIN}), frozenset({Role.INTERNAL})
_PENDING = (Standing.SUBMITTED, Standing.IN_REVIEW)

CREDENTIAL_TRANSITIONS: tuple[CredentialTransition, ...] = (
    CredentialTransition(CredentialStep.SUBMIT, (Standing.MISSING, *_PENDING), Standing.SUBMITTED, _HOLDER),
    CredentialTransition(CredentialStep.BEGIN_REVIEW, (Standing.SUBMITTED,), Standing.IN_REVIEW, _REVIEWER),
    CredentialTransition(CredentialStep.VERIFY, _PENDING, Standing.VERIFIED, _REVIEWER),
    CredentialTransition(CredentialStep.REJECT, _PENDING, Standing.REJECTED, _REVIEWER),
    CredentialTransition(CredentialStep.REVOKE, (Standing.VERIFIED, Standing.EXPIRING), Standing.REVOKED, _REVIEWER),
    CredentialTransition(CredentialStep.NEAR_EXPIRY, (Standing.VERIFIED,), Standing.EXPIRING, _PLATFORM),
    CredentialTransition(
        CredentialStep.EXPIRE, (Standing.VERIFIED, Standing.EXPIRING), Standing.EXPIRED, _PLATFORM
    ),
)  # fmt: skip
"""A renewal is a credential of its own: the old one counts until the new one is verified."""

IN_FORCE = (Standing.VERIFIED, Standing.EXPIRING)
DECIDED = (*IN_FORCE, Standing.EXPIRED, Standing.REVOKED)
REMIND_DAYS = (30, 7, 1)
"""How many days before the last one its holder is reminded."""

EXPIRING_WITHIN = timedelta(days=max(REMIND_DAYS))


class ReviewNotPossible(Conflict):
    """`current_status` is the credential's; `allowed_decisions` are those it allows."""

    code, title = "review_not_possible", "Not possible in its present state"


@dataclass(frozen=True, slots=True)
class Credential:
    """One filing. `reference` is a permit's number or a document's issuer; `of_store` says that it names the very store.

    `expires_on` is its last day, None when it does not lapse; `attested` is what its review found.
    """

    id: str
    kind: str
    status: Standing
    expires_on: date | None
    reference: str
    of_store: bool = False
    attested: tuple[str, ...] = ()


def review(status: Standing, step: CredentialStep) -> Standing:
    """Raises ReviewNotPossible."""
    reviews = [row for row in CREDENTIAL_TRANSITIONS if row.roles == _REVIEWER and status in row.sources]
    for row in reviews:
        if row.step == step:
            return row.target
    allowed = [row.step.value for row in reviews]
    hint = f"Possible now: {', '.join(allowed)}." if allowed else "A new one has to be filed."
    raise ReviewNotPossible(f"It is {status}. {hint}", current_status=status.value, allowed_decisions=allowed)


def standing_on(status: Standing, expires_on: date | None, day: date) -> Standing:
    """What it is worth on a day, whether or not the sweep came by: a last day counts whole."""
    if expires_on is None or status not in (*IN_FORCE, Standing.EXPIRED):
        return status
    if expires_on < day:
        return Standing.EXPIRED
    return Standing.EXPIRING if expires_on - day <= EXPIRING_WITHIN else Standing.VERIFIED


def current(filed: Iterable[Credential], kind: str, *, of_store: bool = False) -> Credential | None:
    """The one of a kind that counts: the newest on which there is a decision that holds, or else the newest of all.

    A renewal in review, or one that was turned down, takes nothing away from what is in force.
    """
    of_kind = sorted((each for each in filed if each.kind == kind and each.of_store >= of_store), key=lambda c: c.id)
    decided = [each for each in of_kind if each.status in DECIDED]
    counted = decided or of_kind
    return counted[-1] if counted else None


def due_reminder(expires_on: date, today: date, reminded: int | None) -> int | None:
    """Which of `REMIND_DAYS` is to be told now, None when none is or it was; one that was missed is not made up for."""
    due = min((days for days in REMIND_DAYS if expires_on - today <= timedelta(days=days)), default=None)
    return due if due is not None and (reminded is None or due < reminded) and expires_on >= today else None
