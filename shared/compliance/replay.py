"""An order's gates asked again: the facts that its dossier kept, under the policy of any day. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from shared.compliance import facts, gates
from shared.compliance.facts import Facts
from shared.compliance.gates import GateDecision
from shared.compliance.policy import Policy
from shared.compliance.requirements import Gate


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gate said of an order: at which event, on which facts, by which rules."""

    event: str
    at: str
    gate: Gate
    facts: Facts
    passed: bool
    rule_ids: tuple[str, ...]


def answers(events: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Every gate's answer in a dossier, in the order of its events."""
    return [
        Answer(event["type"], event["at"], gate, _load(gate, told["facts"]), told["passed"], tuple(told["rule_ids"]))
        for event in events
        for gate, told in _told(event)
    ]


def ask_again(policy: Policy, answer: Answer) -> GateDecision:
    """The same facts under another policy, or under that of the order's own day."""
    decide: Callable[[Policy, Any], GateDecision] = _GATES[answer.gate][1]
    return decide(policy, answer.facts)


def _told(event: Mapping[str, Any]) -> Iterator[tuple[Gate, Mapping[str, Any]]]:
    """The answers in an event's data; a check at the door is its whole event."""
    kind, data = event["type"], event["data"]
    if kind in ("doorstep_check_passed", "doorstep_check_failed"):
        names = ("document_read", "over_age", "expired", "photo_match")
        kept = {**{name: data[name] for name in names}, "signed": data["signature_sha256"] is not None}
        yield Gate.DOORSTEP, {"facts": kept, "passed": kind == "doorstep_check_passed", "rule_ids": data["rule_ids"]}
    for told in data.get("gates", ()):
        yield Gate(told["gate"]), told


def _load(gate: Gate, kept: Mapping[str, Any]) -> Facts:
    loaded: Facts = _adapter(_GATES[gate][0]).validate_python(kept)
    return loaded


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


_GATES: dict[Gate, tuple[type, Callable[..., GateDecision]]] = {
    Gate.AGE: (facts.AgeFacts, gates.age_gate),
    Gate.PRODUCT: (facts.CartFacts, gates.product_gate),
    Gate.MERCHANT: (facts.MerchantFacts, gates.merchant_gate),
    Gate.PLACE: (facts.PlaceFacts, gates.place_gate),
    Gate.RECORD: (facts.RecordFacts, gates.record_gate),
    Gate.CERTIFICATION: (facts.CertificationFacts, gates.certification_gate),
    Gate.CHECKOUT: (facts.CheckoutFacts, gates.checkout_gate),
    Gate.LABEL: (facts.LabelFacts, gates.label_gate),
    Gate.DRIVER: (facts.DriverFacts, gates.driver_gate),
    Gate.DOORSTEP: (facts.DoorstepFacts, gates.doorstep_gate),
    Gate.HANDOFF: (facts.HandoffFacts, gates.handoff_gate),
}
