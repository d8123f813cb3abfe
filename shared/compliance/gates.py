"""The gates, one pure function each: facts in, a decision with its reasons and rule ids out.

A gate that cannot be evaluated refuses: a fact that is unknown stands against the sale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.compliance.credentials import IN_FORCE, Credential, Standing, current, standing_on
from shared.compliance.facts import (
    AgeFacts,
    CartFacts,
    CertificationFacts,
    CheckoutFacts,
    DoorstepFacts,
    DriverFacts,
    Facts,
    HandoffFacts,
    LabelFacts,
    MerchantFacts,
    PermitFacts,
    PlaceFacts,
    RecordFacts,
    plain,
)
from shared.compliance.policy import Policy
from shared.compliance.requirements import (
    AgeCheck,
    DeliveryWeight,
    DoorstepCheck,
    DriverDocument,
    Gate,
    InPerson,
    MinimumAge,
    Permit,
    PermitTerm,
    ProductAttestation,
    ProductAuthorization,
    PurchaserAddress,
    SaleHours,
    SchoolDistance,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate stays shut: a code for the program, a sentence for the person, and the rule that says so, if one does."""

    code: str
    sentence: str
    rule_id: str | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    gate: str
    rule_ids: tuple[str, ...]
    reasons: tuple[Reason, ...]
    facts: Facts

    @property
    def passed(self) -> bool:
        return not self.reasons

    def told(self) -> dict[str, Any]:
        """As a dossier keeps it."""
        return {
            "gate": self.gate,
            "passed": self.passed,
            "rule_ids": list(self.rule_ids),
            "reasons": [reason.code for reason in self.reasons],
            "facts": plain(self.facts),
        }


def sale_gates(policy: Policy, cart: CartFacts, merchant: MerchantFacts, place: PlaceFacts) -> tuple[GateDecision, ...]:
    """Everything that is asked before goods are sold; nothing of a cart without restricted goods."""
    if not any(goods.restricted for goods in cart.goods):
        return ()
    return (
        age_gate(policy, AgeFacts(restricted=True)),
        merchant_gate(policy, merchant),
        place_gate(policy, place),
        product_gate(policy, cart),
    )


def age_gate(policy: Policy, facts: AgeFacts) -> GateDecision:
    """Whether it is known how old a purchaser must be."""
    reasons = []
    if facts.restricted and not policy.on(MinimumAge):
        reasons.append(Reason("age_unknown", f"No age for restricted goods is on file in {policy.jurisdiction}."))
    return _decide(policy, Gate.AGE, reasons, facts)


def product_gate(policy: Policy, facts: CartFacts) -> GateDecision:
    """Whether these goods may be sold and delivered together. Ordinary goods are not asked about."""
    restricted = [goods for goods in facts.goods if goods.restricted]
    if not restricted:
        return GateDecision(Gate.PRODUCT, (), (), facts)
    reasons = []
    for rule, _ in policy.on(ProductAuthorization):
        if any(goods.authorization_reference is None for goods in restricted):
            sentence = "No FDA authorisation is recorded for this product."
            reasons.append(Reason("product_not_authorized", sentence, rule.rule_id))
    for rule, _ in policy.on(ProductAttestation):
        if not all(goods.attested for goods in restricted):
            sentence = "The store has not attested this product's origin and ingredients."
            reasons.append(Reason("product_not_attested", sentence, rule.rule_id))
    for rule, limit in policy.on(DeliveryWeight):
        if any(goods.weight_g is None for goods in restricted):
            sentence = "This product's weight is not recorded."
            reasons.append(Reason("product_weight_unknown", sentence, rule.rule_id))
        elif sum((goods.weight_g or 0) * goods.quantity for goods in restricted) > limit.grams:
            sentence = f"The restricted goods of one delivery may weigh {limit.grams} g at most: order less."
            reasons.append(Reason("delivery_too_heavy", sentence, rule.rule_id))
    return _decide(policy, Gate.PRODUCT, reasons, facts)


def merchant_gate(policy: Policy, facts: MerchantFacts) -> GateDecision:
    """Whether the store holds every permit and registration on the day."""
    reasons = []
    for rule, permit in policy.on(Permit):
        found = current(facts.permits, permit.kind, of_store=permit.of_store)
        state = _standing(found, facts.day)
        if state not in IN_FORCE:
            sentence = _lacking("store", permit.name, state)
            reasons.append(Reason(f"permit_{state}", sentence, rule.rule_id))
    return _decide(policy, Gate.MERCHANT, reasons, facts)


def permit_gate(policy: Policy, facts: PermitFacts) -> GateDecision:
    """Whether a permit that is being filed can be what it says."""
    reasons, last_day = [], (facts.expires_on.month, facts.expires_on.day)
    for rule, term in policy.on(PermitTerm):
        if facts.kind == term.kind and (last_day != (term.month, term.day) or facts.expires_on.year % 2 != 0):
            sentence = f"such a permit ends on {term.month:02d}-{term.day:02d} of an even year"
            reasons.append(Reason("permit_term", sentence, rule.rule_id))
    return _decide(policy, Gate.PERMIT, reasons, facts)


def place_gate(policy: Policy, facts: PlaceFacts) -> GateDecision:
    """Whether it may be sold there at this hour, beyond what the store itself has set."""
    reasons = []
    for rule, hours in policy.on(SaleHours):
        if not hours.opens <= facts.local_time < hours.closes:
            sentence = f"Restricted goods are sold between {hours.opens} and {hours.closes} only."
            reasons.append(Reason("outside_sale_hours", sentence, rule.rule_id))
    for rule, school in policy.on(SchoolDistance):
        if facts.school_m is None or facts.school_m < school.metres:
            sentence = f"Restricted goods are not delivered within {school.metres} m of a school."
            reasons.append(Reason("near_school", sentence, rule.rule_id))
    return _decide(policy, Gate.PLACE, reasons, facts)


def record_gate(policy: Policy, facts: RecordFacts) -> GateDecision:
    """Whether the record that the law wants of a sale can be made, and it is known for how long it must be kept."""
    reasons = []
    for rule, _ in policy.on(PurchaserAddress):
        if not facts.address_known:
            sentence = (
                "Restricted goods are delivered to a saved address only, since the record of the sale must name it: "
                "save it with POST /v1/customers/me/addresses, then price the cart with its id as address_id."
            )
            reasons.append(Reason("address_missing", sentence, rule.rule_id))
    if not policy.retentions:
        sentence = f"It is not on file in {policy.jurisdiction} for how long the record of a sale is kept."
        reasons.append(Reason("retention_unknown", sentence))
    return _decide(policy, Gate.RECORD, reasons, facts)


def certification_gate(policy: Policy, facts: CertificationFacts) -> GateDecision:
    """Whether the purchaser certified the statement that is in force."""
    reasons, statement = [], policy.statement
    if statement is not None and facts.version != statement.version:
        sentence = f"Accept the purchaser's statement {statement.version}: send it as certification_version."
        reasons.append(Reason("certification_missing", sentence))
    return _decide(policy, Gate.CERTIFICATION, reasons, facts)


def checkout_age_required(policy: Policy, *, restricted: bool) -> bool:
    return restricted and bool(policy.on(AgeCheck))


def checkout_gate(policy: Policy, facts: CheckoutFacts) -> GateDecision:
    """Whether the purchaser's age was proven before payment, by a kind of proof that will do."""
    reasons, kinds = [], [check.evidence for _, check in policy.on(AgeCheck)]
    if kinds and facts.evidence not in kinds:
        sentence = f"The purchaser's age must be proven by a {' or a '.join(kinds)}: no other proof will do here."
        reasons.append(Reason("age_not_proven", sentence))
    return _decide(policy, Gate.CHECKOUT, reasons, facts)


def label_gate(policy: Policy, facts: LabelFacts) -> GateDecision:
    """Whether whoever packed the goods confirmed the label that is in force."""
    reasons, label = [], policy.label
    if label is not None and facts.version != label.version:
        sentence = (
            f"Put the label on the parcel («{label.text}»), then confirm it: send {label.version} as label_version."
        )
        reasons.append(Reason("label_missing", sentence))
    return _decide(policy, Gate.LABEL, reasons, facts)


def driver_gate(policy: Policy, facts: DriverFacts) -> GateDecision:
    """Whether the driver's documents are all verified, in force on the day, and found to say what they must."""
    reasons = []
    for rule, document in policy.on(DriverDocument):
        state = document_standing(document, facts)
        if state not in IN_FORCE:
            reasons.append(Reason(f"document_{state}", _lacking("driver", document.name, state), rule.rule_id))
    return _decide(policy, Gate.DRIVER, reasons, facts)


def document_standing(document: DriverDocument, facts: DriverFacts) -> Standing:
    """What the driver has of a document that is asked for; one that lacks a finding is as good as rejected."""
    found = current(facts.documents, document.kind)
    state = _standing(found, facts.day)
    lacks_finding = found is not None and document.attested not in ("", *found.attested)
    return Standing.REJECTED if state in IN_FORCE and lacks_finding else state


def cleared_until(policy: Policy, facts: DriverFacts) -> date | None:
    """The last day on which the driver gate stands open as things are, yesterday when it is shut, None when nothing lapses."""
    if not driver_gate(policy, facts).passed:
        return facts.day - timedelta(days=1)
    found = [current(facts.documents, document.kind) for document in policy.driver_documents]
    return min((each.expires_on for each in found if each and each.expires_on), default=None)


def doorstep_required(policy: Policy, *, restricted: bool) -> bool:
    return restricted and bool(policy.on(DoorstepCheck))


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
    rules = (*policy.of(Gate.DOORSTEP), *policy.of(Gate.AGE))
    return GateDecision(Gate.DOORSTEP, tuple(rule.rule_id for rule in rules), tuple(reasons), facts)


def handoff_gate(policy: Policy, facts: HandoffFacts) -> GateDecision:
    reasons = []
    for rule, _ in policy.on(InPerson):
        if facts.left_at_door:
            sentence = "Restricted goods are handed to a person whose ID was checked; they are never left at the door."
            reasons.append(Reason("no_leave_at_door", sentence, rule.rule_id))
    return _decide(policy, Gate.HANDOFF, reasons, facts)


def first_refusal(decisions: Iterable[GateDecision]) -> GateDecision | None:
    return next((decision for decision in decisions if not decision.passed), None)


def _decide(policy: Policy, gate: Gate, reasons: list[Reason], facts: Facts) -> GateDecision:
    return GateDecision(gate, tuple(rule.rule_id for rule in policy.of(gate)), tuple(reasons), facts)


def _standing(found: Credential | None, day: date) -> Standing:
    return Standing.MISSING if found is None else standing_on(found.status, found.expires_on, day)


def _lacking(holder: str, name: str, standing: Standing) -> str:
    if standing == Standing.MISSING:
        return f"The {holder} has no {name} on file."
    waiting = standing in (Standing.SUBMITTED, Standing.IN_REVIEW)
    state = "still waits for its review" if waiting else f"has been {standing}"
    return f"The {holder}'s {name} {'has expired' if standing == Standing.EXPIRED else state}."
