"""The checkout age check: the request is committed, the provider is asked, the result is committed."""

from shared.kernel.errors import Unavailable
from shared.kernel.roles import PLATFORM, Actor
from shared.orders import rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Status, Step
from shared.storage.work import Work
from shared.verification.protocol import AgeVerifier, CheckResult, Subject


def verify_age(work: Work, order_id: str, subject: Subject, actor: Actor, verifier: AgeVerifier) -> Order:
    """Gives the order as verified, failed or still pending.

    Raises NotPossibleNow, or Unavailable when the provider does not answer; the same request then continues the check.
    """
    order = orders.load(work, order_id)
    check_id = _open_check(work, order, actor)
    minimum_age = order.policy.minimum_age
    work.checkpoint()
    result = verifier.check(check_id, subject, minimum_age=minimum_age, today=work.now.date())
    return record(work, order_id, check_id, result)


def record(work: Work, order_id: str, check_id: str, result: CheckResult) -> Order:
    """Make the provider's answer part of the order, once."""
    order = orders.load(work, order_id)
    if result.status == "pending":
        return order
    closed = work.run(_CLOSE, check_id=check_id, status=result.status, reference=result.reference, now=work.now)
    if not closed or order.status != Status.AGE_PENDING:
        return order
    step = Step.PASS_AGE_CHECK if result.status == "passed" else Step.FAIL_AGE_CHECK
    data = {
        "provider": result.provider,
        "evidence": result.evidence,
        "reference": result.reference,
        "minimum_age": order.policy.minimum_age,
        "policy_version": order.row["policy_version"],
    }
    return orders.apply(work, order, rules.decide(order.facts, step, data, age_status=result.status), PLATFORM)


def _open_check(work: Work, order: Order, actor: Actor) -> str:
    """The order's pending check, opened when there is none."""
    if order.status == Status.AGE_PENDING:
        row = work.one(_PENDING, order_id=order.id)
        if row is None:
            raise Unavailable("The age check is being settled. Read the order again in a moment.")
        return str(row["check_id"])
    check_id = work.new_id("chk")
    decision = rules.decide(order.facts, Step.REQUEST_AGE_CHECK, {"check_id": check_id}, age_status="pending")
    orders.apply(work, order, decision, actor)
    work.run(_OPEN, check_id=check_id, order_id=order.id, now=work.now)
    return check_id


_PENDING = "SELECT check_id FROM age_checks WHERE order_id = :order_id AND status = 'pending'"
_OPEN = """
    INSERT INTO age_checks (check_id, order_id, status, created_at, updated_at)
    VALUES (:check_id, :order_id, 'pending', :now, :now)
"""
_CLOSE = """
    UPDATE age_checks SET status = :status, reference = :reference, updated_at = :now
    WHERE check_id = :check_id AND status = 'pending'
    RETURNING check_id
"""
