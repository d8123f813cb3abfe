"""What a processor's answers, and refunds, do to an order. Pure; `rules` has the steps of the order itself."""

from dataclasses import replace

from shared.kernel.errors import Conflict
from shared.orders.rules import Decision, OrderFacts, Payment, decide, note
from shared.orders.states import Step, transition


class RefundNotPossible(Conflict):
    code, title = "refund_not_possible", "So much cannot be given back"


def authorized(order: OrderFacts, *, reference: str) -> Decision:
    """The processor holds the whole total. An order that ended meanwhile gives the hold back at once."""
    data = {"amount_minor": order.total_minor, "reference": reference}
    if transition(Step.AUTHORIZE_PAYMENT, order.status) is None:
        late = note(order, "late_authorization", data, payment_status="voiding", authorized_minor=order.total_minor)
        return replace(late, payment="void")
    return decide(order, Step.AUTHORIZE_PAYMENT, data, payment_status="authorized", authorized_minor=order.total_minor)


def declined(order: OrderFacts) -> Decision:
    if transition(Step.DECLINE_PAYMENT, order.status) is None:
        return note(order, "late_decline", {})
    return decide(order, Step.DECLINE_PAYMENT, {"amount_minor": order.total_minor}, payment_status="declined")


def captured(order: OrderFacts, *, reference: str) -> Decision:
    data = {"amount_minor": order.authorized_minor, "reference": reference}
    return note(order, "payment_captured", data, payment_status="captured", captured_minor=order.authorized_minor)


def voided(order: OrderFacts, *, reference: str) -> Decision:
    data = {"amount_minor": order.authorized_minor, "reference": reference}
    return note(order, "payment_voided", data, payment_status="voided")


def failed(order: OrderFacts, *, payment: Payment, reference: str) -> Decision:
    """The processor will not do what the order needs: an operator must look."""
    data = {"payment": payment, "reference": reference}
    return note(order, "payment_failed", data, payment_status="failed", stuck_reason=f"{payment}_failed")


def hold_replaced(order: OrderFacts, *, old: str, new: str) -> Decision:
    """A hold that was about to lapse has a successor."""
    return note(order, "hold_replaced", {"amount_minor": order.authorized_minor, "old": old, "new": new})


def hold_not_replaced(order: OrderFacts, *, old: str) -> Decision:
    """A hold that lapses cannot be captured: an operator must look, unless the order can still be called off."""
    return note(order, "hold_not_replaced", {"reference": old}, stuck_reason="hold_lapsing")


def refund(order: OrderFacts, *, amount_minor: int, reason: str) -> Decision:
    """Give back so much of what was captured, one refund after the other. Raises RefundNotPossible."""
    if order.payment_status == "refunding":
        raise RefundNotPossible(
            "A refund of this order is under way. Read the order again in a moment, then decide anew."
        )
    left_minor = order.captured_minor - order.refunded_minor
    if amount_minor > left_minor:
        raise RefundNotPossible(
            f"{left_minor} of {order.captured_minor} captured can still be given back. Ask for at most that.",
            refundable_minor=left_minor,
        )
    refunded_minor = order.refunded_minor + amount_minor
    decision = note(
        order, "refund_requested", {"amount_minor": amount_minor, "reason": reason},
        refunded_minor=refunded_minor, payment_status="refunding",
    )  # fmt: skip
    return replace(decision, payment="refund", amount_minor=amount_minor)


def refunded(order: OrderFacts, *, amount_minor: int, reference: str) -> Decision:
    payment_status = "refunded" if order.refunded_minor == order.captured_minor else "captured"
    return note(
        order, "payment_refunded", {"amount_minor": amount_minor, "reference": reference}, payment_status=payment_status
    )


def refund_declined(order: OrderFacts, *, amount_minor: int, reference: str) -> Decision:
    data = {"amount_minor": amount_minor, "reference": reference}
    return note(
        order, "refund_declined", data, refunded_minor=order.refunded_minor - amount_minor, payment_status="captured",
        stuck_reason="refund_failed",
    )  # fmt: skip
