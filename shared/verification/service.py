"""The checkout age check: the request is committed, the provider is asked, the result is committed."""

from dataclasses import dataclass

from shared.kernel.roles import PLATFORM, Actor
from shared.orders import placement
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Status, Step
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.verification import rules
from shared.verification.protocol import AgeVerifier, CheckRequest, CheckResult, Outcome, Subject


@dataclass(frozen=True, slots=True)
class Asked:
    """The order as the check left it, and what the customer's device needs to go on with a check that is pending."""

    order: Order
    sdk_token: str | None


def verify_age(
    work: Work, order_id: str, subject: Subject, consent_version: str | None, actor: Actor, verifier: AgeVerifier
) -> Asked:
    """Gives the order as verified, failed, open for another try, or pending.

    Consent and the open check are committed before the provider hears of anybody. Who says to be too young is never sent
    to it. Raises NotPossibleNow, ConsentRequired, CheckRunning, BadInput, or Unavailable when the provider does not
    answer; the same request then continues the check, or finds that it has passed meanwhile.
    """
    order = orders.load(work, order_id)
    work.if_match = None  # it is met; what changes the order from here on is this very request
    minimum_age = order.policy.minimum_age
    of_age = rules.age_on(order.row["policy_on"], subject.birth_date) >= minimum_age
    if of_age and order.status == Status.AGE_VERIFIED:
        return Asked(order, None)
    consent = rules.check_consent(verifier.evidence, consent_version) if of_age else None
    check = _open_check(work, order, actor, verifier, consent)
    work.checkpoint()
    check_id = check["check_id"]
    if of_age:
        request = CheckRequest(check_id, subject, minimum_age, check["held_as"])
        result = verifier.check(request, lambda held_as: _hold(work, check_id, held_as))
    else:
        result = CheckResult(check_id, Outcome.DECLINED, "cloudrun", "statement", check_id)
    return Asked(record(work, order_id, result), result.sdk_token)


def record(work: Work, order_id: str, result: CheckResult) -> Order:
    """Make the provider's answer part of the order, once: a repeated answer changes nothing."""
    order = orders.load(work, order_id)
    told = {"check_id": result.check_id, "outcome": result.outcome.value, "reference": result.reference}
    status = rules.status_of(result.outcome)
    closed = work.one(_ANSWER, order_id=order_id, status=status, now=work.now, **told)
    if status == "pending" or closed is None or order.status != Status.AGE_PENDING:
        return order
    step = rules.step_after(result.outcome, closed["checks"])
    data = {
        **told,
        "provider": result.provider,
        "evidence": result.evidence,
        "minimum_age": order.policy.minimum_age,
        "policy_version": order.row["policy_version"],
    }
    order = orders.apply(
        work, order, order_rules.decide(order.facts, step, data, age_status=_AGE_STATUS[step]), PLATFORM
    )
    if step == Step.FAIL_AGE_CHECK:
        placement.restock(work, order)
    return order


_AGE_STATUS = {Step.PASS_AGE_CHECK: "passed", Step.FAIL_AGE_CHECK: "failed", Step.REOPEN_AGE_CHECK: "required"}


def _open_check(work: Work, order: Order, actor: Actor, verifier: AgeVerifier, consent: dict[str, str] | None) -> Row:
    """The order's pending check, opened when there is none, and this connection's alone until the request has ended."""
    if order.status != Status.AGE_PENDING:
        if consent is not None:
            order = orders.apply(work, order, order_rules.note(order.facts, "biometric_consent_given", consent), actor)
        check_id = work.new_id("chk")
        requested = {"check_id": check_id, "provider": verifier.provider, "evidence": verifier.evidence}
        decision = order_rules.decide(order.facts, Step.REQUEST_AGE_CHECK, requested, age_status="pending")
        order = orders.apply(work, order, decision, actor)
        work.run(_OPEN, order_id=order.id, now=work.now, **requested)
    work.lock_until_finished()
    check = work.run(_CLAIM, order_id=order.id)[0]
    if not check["claimed"]:
        raise rules.CheckRunning("Wait for that request's answer, then read the order again.")
    return check


def _hold(work: Work, check_id: str, held_as: str) -> None:
    work.run(_HOLD, check_id=check_id, held_as=held_as, now=work.now)
    work.checkpoint()


_OPEN = """
    INSERT INTO age_checks (check_id, order_id, status, provider, evidence, created_at, updated_at)
    VALUES (:check_id, :order_id, 'pending', :provider, :evidence, :now, :now)
"""
_CLAIM = """
    SELECT check_id, held_as, pg_try_advisory_lock(hashtextextended(check_id, 0)) AS claimed
    FROM age_checks WHERE order_id = :order_id AND status = 'pending'
"""
_HOLD = "UPDATE age_checks SET held_as = :held_as, updated_at = :now WHERE check_id = :check_id"
_ANSWER = """
    UPDATE age_checks SET status = :status, outcome = :outcome, reference = :reference, updated_at = :now
    WHERE check_id = :check_id AND status = 'pending'
    RETURNING (SELECT count(*) FROM age_checks WHERE order_id = :order_id) AS checks
"""
