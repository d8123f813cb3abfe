"""What follows from an age check. Pure."""

import hashlib
from datetime import date

from shared.kernel.errors import Conflict
from shared.orders.states import Step
from shared.verification.protocol import Evidence, Outcome

MOST_CHECKS = 3
"""How many checks of one order may end without an answer before it counts as failed."""

CONSENT_VERSION = "biometric-2026-01"
CONSENT_TEXT = (
    "I agree that Onfido compares a picture of my government photo ID with a picture of my face, for the one purpose of "
    "checking that I may buy this order. CloudRun never receives the pictures. They are deleted once the check has ended."
)
"""Tex. Bus. & Com. 503.001(b): informed and consenting before a biometric identifier is captured."""
CONSENT_SHA256 = hashlib.sha256(CONSENT_TEXT.encode()).hexdigest()


class ConsentRequired(Conflict):
    """`consent` holds the version and the text that the customer must be shown."""

    code, title = "consent_required", "Consent to the biometric comparison comes first"


class CheckRunning(Conflict):
    code, title = "age_check_running", "The age check is being asked for by another request"


def age_on(day: date, birth_date: date) -> int:
    """Completed years; someone born on 29 February has the birthday on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def check_consent(evidence: Evidence, consent_version: str | None) -> dict[str, str] | None:
    """What the dossier says of the consent; None where none is needed. Raises ConsentRequired."""
    if evidence != "document_check":
        return None
    if consent_version != CONSENT_VERSION:
        raise ConsentRequired(
            f"Show the customer the text, and send consent_version {CONSENT_VERSION} when they agree to it.",
            consent={"version": CONSENT_VERSION, "text": CONSENT_TEXT},
        )
    return {"version": CONSENT_VERSION, "text_sha256": CONSENT_SHA256}


def status_of(outcome: Outcome) -> str:
    """Of the check itself: pending, passed, failed, or inconclusive, which says nothing about the customer."""
    if outcome == Outcome.PENDING:
        return "pending"
    if outcome == Outcome.APPROVED:
        return "passed"
    return "failed" if outcome == Outcome.DECLINED else "inconclusive"


def step_after(outcome: Outcome, checks: int, *, proven: bool) -> Step:
    """What a closed check does to its order, the `checks`-th of it: an inconclusive one may be tried again.

    `proven` says whether the checkout gate takes its kind of proof; an approval of a kind that will not do proves nothing.
    """
    if outcome == Outcome.APPROVED and proven:
        return Step.PASS_AGE_CHECK
    if outcome == Outcome.DECLINED or checks >= MOST_CHECKS:
        return Step.FAIL_AGE_CHECK
    return Step.REOPEN_AGE_CHECK
