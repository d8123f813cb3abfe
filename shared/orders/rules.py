"""What may happen to an order, and what follows from it. Pure: facts and a step in, a decision or a named refusal out."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.compliance.facts import DoorstepFacts, LabelFacts
from shared.compliance.gates import GateDecision, doorstep_gate, doorstep_required, first_refusal, label_gate
from shared.compliance.policy import Policy
from shared.kernel.errors import Conflict
from shared.kernel.roles import Role
from shared.orders.states import TERMINAL, Status, Step, steps_from, transition

PaymentStatus = Literal[
    "none", "authorized", "declined", "capturing", "captured", "voiding", "voided", "refunding", "refunded", "failed"
]
Payment = Literal["capture", "void", "refund"]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What rules need to know of an order."""

    status: Status
    restricted: bool
    age_check_required: bool
    payment_status: PaymentStatus
    authorized_minor: int
    captured_minor: int
    refunded_minor: int
    total_minor: int
    ready_at: datetime | None
    doorstep_passed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a step does: the event for the dossier, the order's new values, and the money that must move afterwards:
    `amount_minor` of it when it is not the whole hold."""

    source: Status
    target: Status
    event: str
    data: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    payment: Payment | None = None
    amount_minor: int | None = None


class NotPossibleNow(Conflict):
    """The order's status does not allow the step; `allowed_actions` says what it allows."""

    code, title = "not_possible_now", "Not possible in the order's present state"


class AgeCheckRequired(Conflict):
    code, title = "age_check_required", "The age check comes first"


class GoodsNotReady(Conflict):
    code, title = "goods_not_ready", "The goods are not ready"


class DoorstepCheckRequired(Conflict):
    code, title = "doorstep_check_required", "The recipient's ID must be checked first"


class GateRefused(Conflict):
    """A compliance gate stays shut; `reasons` holds a code and a sentence each, `rule_ids` the rules behind them."""

    code, title = "gate_refused", "A compliance rule stands against this"
    decision: GateDecision

    @classmethod
    def by(cls, decision: GateDecision) -> "GateRefused":
        reasons = [{"code": reason.code, "sentence": reason.sentence} for reason in decision.reasons]
        sentences = " ".join(reason.sentence for reason in decision.reasons)
        refusal = cls(sentences, gate=decision.gate, reasons=reasons, rule_ids=list(decision.rule_ids))
        refusal.decision = decision
        return refusal


def decide(order: OrderFacts, step: Step, data: dict[str, Any] | None = None, **changes: Any) -> Decision:
    """A step that only the table governs. Raises NotPossibleNow."""
    found = transition(step, order.status)
    if found is None:
        allowed = steps_from(order.status)
        hint = f"Possible now: {', '.join(allowed)}." if allowed else "Nothing more can happen to it."
        raise NotPossibleNow(
            f"The order is {order.status}, so it cannot {step.replace('_', ' ')}. {hint}",
            current_status=order.status.value,
            allowed_actions=[allowed_step.value for allowed_step in allowed],
        )
    return Decision(order.status, found.target, found.event, data or {}, changes)


def note(order: OrderFacts, event: str, data: dict[str, Any], **changes: Any) -> Decision:
    """Something worth evidence that leaves the status as it is."""
    return Decision(order.status, order.status, event, data, changes)


def check_payable(order: OrderFacts) -> None:
    """Raises NotPossibleNow, or AgeCheckRequired while a restricted order's check has not passed."""
    decide(order, Step.AUTHORIZE_PAYMENT)
    if order.age_check_required and order.status == Status.CREATED:
        raise AgeCheckRequired("Restricted goods: POST …/verify_age must pass before the payment is authorised.")


def accept(order: OrderFacts, *, now: datetime, prep_minutes: int) -> Decision:
    ready_expected_at = now + timedelta(minutes=prep_minutes)
    return decide(
        order,
        Step.ACCEPT,
        {"prep_minutes": prep_minutes},
        ready_expected_at=ready_expected_at,
        prep_minutes=prep_minutes,
    )


def mark_ready(order: OrderFacts, policy: Policy, *, now: datetime, label_version: str | None) -> Decision:
    """The goods are packed, restricted ones under their label.

    Raises NotPossibleNow, also when the goods are ready already, and GateRefused without the label.
    """
    if order.status == Status.DISPATCHED and order.ready_at is not None:
        raise NotPossibleNow(
            "The goods are marked ready already. The driver is on the way.",
            current_status=order.status.value,
            allowed_actions=[
                step.value for step in steps_from(order.status) if step not in (Step.MARK_READY, Step.PREPARE)
            ],
        )
    decision = decide(order, Step.MARK_READY, ready_at=now, ready_expected_at=now)
    return _through(decision, (label_gate(policy, LabelFacts(label_version)),)) if order.restricted else decision


def release_driver(order: OrderFacts, *, reason: str) -> Decision:
    """Take the order back from a driver who has not fetched it; it waits again, with its goods ready or not."""
    step = Step.RELEASE_DRIVER if order.ready_at is not None else Step.RELEASE_DRIVER_EARLY
    return decide(order, step, {"reason": reason}, driver_id=None, task_id=None)


def pick_up(order: OrderFacts, answers: tuple[GateDecision, ...], *, eta_at: datetime) -> Decision:
    """The goods leave the store and are expected at the door. Raises NotPossibleNow, GoodsNotReady, GateRefused."""
    decision = decide(order, Step.PICK_UP, pickup_eta_at=eta_at)
    if order.ready_at is None:
        raise GoodsNotReady("The store has not marked the goods ready. Wait for them, or call support.")
    return _through(decision, answers)


def check_doorstep(order: OrderFacts, policy: Policy, facts: DoorstepFacts, evidence: dict[str, Any]) -> Decision:
    """The driver's check of the recipient; `evidence` is how it was made. A failed one is an event and may be repeated."""
    gate = doorstep_gate(policy, facts)
    data = {
        **evidence,
        "document_read": facts.document_read,
        "over_age": facts.over_age,
        "expired": facts.expired,
        "photo_match": facts.photo_match,
        "rule_ids": list(gate.rule_ids),
    }
    if gate.passed:
        return decide(
            order, Step.PASS_DOORSTEP, data, doorstep_passed=True, doorstep_method=evidence["method"],
            doorstep_grade=evidence["grade"],
        )  # fmt: skip
    return decide(order, Step.FAIL_DOORSTEP, data | {"reasons": [reason.code for reason in gate.reasons]})


def deliver(
    order: OrderFacts, policy: Policy, answers: tuple[GateDecision, ...], *, now: datetime, left_at_door: bool
) -> Decision:
    """Raises NotPossibleNow, DoorstepCheckRequired, GateRefused (restricted goods are never left at a door)."""
    decision = decide(
        order,
        Step.DELIVER,
        {"left_at_door": left_at_door},
        delivered_at=now,
        stuck_reason=None,
    )
    decision = _through(decision, answers)
    if doorstep_required(policy, restricted=order.restricted) and not order.doorstep_passed:
        raise DoorstepCheckRequired(
            "Submit the recipient's ID check with POST …/doorstep_id_check/submit, then confirm."
        )
    return _with_payment(order, decision, "capture")


def refuse(order: OrderFacts, *, reason: str) -> Decision:
    """The goods were not handed over: the hold is given back and the goods go back to the store."""
    return _with_payment(order, decide(order, Step.REFUSE, {"reason": reason}, ended_reason=reason), "void")


def with_return_task(decision: Decision, task_id: str) -> Decision:
    """Name the task that brings the goods back, in the dossier and on the order."""
    return replace(
        decision, data={**decision.data, "return_task_id": task_id}, changes={**decision.changes, "task_id": task_id}
    )


def reject(order: OrderFacts, *, reason: str) -> Decision:
    return _with_payment(order, decide(order, Step.REJECT, {"reason": reason}, ended_reason=reason), "void")


def cancel(order: OrderFacts, *, reason: str, by: Role) -> Decision:
    """Until pickup, by either side, free of charge: nothing has left the store."""
    data = {"reason": reason, "by": by.value}
    return _with_payment(order, decide(order, Step.CANCEL, data, ended_reason=reason, stuck_reason=None), "void")


def stop(order: OrderFacts, refusal: GateDecision) -> Decision:
    """A gate that was open at the sale has shut before the goods left the store: the order ends, the hold is given back."""
    reason = refusal.reasons[0].code
    data = {"reason": reason, "gates": [refusal.told()]}
    return _with_payment(order, decide(order, Step.STOP, data, ended_reason=reason, stuck_reason=None), "void")


def allowed_actions(order: OrderFacts, role: Role | None) -> list[str]:
    """The steps that this role may ask for now; those of every role when it is None."""
    steps = steps_from(order.status, None if role is None else {role})
    if order.age_check_required and order.status == Status.CREATED:
        steps = [step for step in steps if step != Step.AUTHORIZE_PAYMENT]
    if not order.age_check_required:
        steps = [step for step in steps if step != Step.REQUEST_AGE_CHECK]
    unfit = Step.RELEASE_DRIVER if order.ready_at is None else Step.RELEASE_DRIVER_EARLY
    steps = [step for step in steps if step != unfit]
    if order.restricted and not order.doorstep_passed:
        steps = [step for step in steps if step != Step.DELIVER]
    return [step.value for step in steps]


def is_over(status: Status) -> bool:
    return status in TERMINAL


def _through(decision: Decision, answers: tuple[GateDecision, ...]) -> Decision:
    """The step with the answers of the gates before it. Raises GateRefused."""
    refusal = first_refusal(answers)
    if refusal is not None:
        raise GateRefused.by(refusal)
    if not answers:
        return decision
    return replace(decision, data={**decision.data, "gates": [answer.told() for answer in answers]})


def _with_payment(order: OrderFacts, decision: Decision, payment: Literal["capture", "void"]) -> Decision:
    """Add what must happen to the money, when there is any on hold."""
    if order.payment_status != "authorized":
        return decision
    payment_status = "capturing" if payment == "capture" else "voiding"
    return replace(decision, changes={**decision.changes, "payment_status": payment_status}, payment=payment)
