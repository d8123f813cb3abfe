"""The gates: facts in, a decision with its reasons and rule ids out. A gate that cannot be evaluated refuses."""

from dataclasses import dataclass, field
from datetime import date

from shared.compliance.policy import CERTIFICATION_VERSION, Policy, Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate stays shut: a code for the program, a sentence for the person."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class GateDecision:
    gate: str
    rule_ids: tuple[str, ...]
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class DoorstepFacts:
    """What the driver's check of the recipient's government photo ID came to; nothing read from the document itself."""

    document_read: bool
    over_age: bool
    expired: bool
    photo_match: bool
    signed: bool


def product_gate(
    policy: Policy, *, restricted: bool, authorization_reference: str | None, attested: bool
) -> GateDecision:
    rules = policy.on("product_authorization")
    if not restricted:
        return GateDecision("product", ())
    reasons = []
    if authorization_reference is None:
        reasons.append(Reason("product_not_authorized", "No FDA authorisation is recorded for this product."))
    if not attested:
        reasons.append(
            Reason("product_not_attested", "The store has not attested this product's origin and ingredients.")
        )
    return _decide("product", rules, reasons)


def merchant_gate(policy: Policy, *, restricted: bool, permit_expires_on: date | None) -> GateDecision:
    """`permit_expires_on` is that of the store's e-cigarette retail permit, None when there is none."""
    rules = policy.on("merchant_permit")
    if not restricted:
        return GateDecision("merchant", ())
    if permit_expires_on is None:
        return _decide("merchant", rules, [Reason("permit_missing", "The store has no e-cigarette retail permit.")])
    if permit_expires_on < policy.day:
        return _decide(
            "merchant", rules, [Reason("permit_expired", "The store's e-cigarette retail permit has expired.")]
        )
    return _decide("merchant", rules, [])


def certification_gate(policy: Policy, *, restricted: bool, certification_version: str | None) -> GateDecision:
    rules = policy.on("certification")
    if not restricted or not rules:
        return GateDecision("certification", ())
    if certification_version != CERTIFICATION_VERSION:
        sentence = f"Accept the purchaser's statement {CERTIFICATION_VERSION}: send it as certification_version."
        return _decide("certification", rules, [Reason("certification_missing", sentence)])
    return _decide("certification", rules, [])


def checkout_age_required(policy: Policy, *, restricted: bool) -> bool:
    return restricted and bool(policy.on("checkout_age_check"))


def doorstep_required(policy: Policy, *, restricted: bool) -> bool:
    return restricted and bool(policy.on("doorstep_check"))


def doorstep_gate(policy: Policy, facts: DoorstepFacts) -> GateDecision:
    """Always the document, never "looks over 30" (89 FR 70483)."""
    reasons = []
    if not facts.document_read:
        reasons.append(Reason("document_unreadable", "The ID could not be read: scan again or check it by hand."))
    if facts.document_read and not facts.over_age:
        reasons.append(Reason("under_age", f"The recipient is under {policy.minimum_age}."))
    if facts.expired:
        reasons.append(Reason("document_expired", "The ID has expired."))
    if not facts.photo_match:
        reasons.append(Reason("photo_mismatch", "The photo is not of the person at the door."))
    if not facts.signed:
        reasons.append(Reason("signature_missing", "The recipient has not signed."))
    return _decide("doorstep", policy.on("doorstep_check") + policy.on("minimum_age"), reasons)


def handoff_gate(policy: Policy, *, restricted: bool, left_at_door: bool) -> GateDecision:
    rules = policy.on("no_leave_at_door")
    if restricted and left_at_door:
        sentence = "Restricted goods are handed to a person whose ID was checked; they are never left at the door."
        return _decide("handoff", rules, [Reason("no_leave_at_door", sentence)])
    return GateDecision("handoff", tuple(rule.rule_id for rule in rules) if restricted else ())


def _decide(gate: str, rules: tuple[Rule, ...], reasons: list[Reason]) -> GateDecision:
    return GateDecision(gate, tuple(rule.rule_id for rule in rules), tuple(reasons))
