"""What follows a processor's answer: the intent is closed, the order and its dossier change, the books are posted; once."""

from shared.kernel.roles import PLATFORM, Actor
from shared.ledger import rules as ledger_rules
from shared.ledger import service as ledger
from shared.orders import books, payment
from shared.orders import service as orders
from shared.orders.rules import Decision
from shared.orders.service import Order
from shared.payments.protocol import Intent, Outcome, PaymentProcessor
from shared.payments.states import IntentStatus
from shared.storage.work import Work


def platform_minor(order: Order) -> int:
    """The platform's part of the order's total."""
    sale = books.sale_of(order.row)
    return sale.parts(sale.total_minor).platform_minor


def record(work: Work, intent: Intent, outcome: Outcome, processor: PaymentProcessor, actor: Actor = PLATFORM) -> Order:
    """Make the processor's answer part of the order; a repeated answer changes nothing."""
    order = orders.load(work, intent.order_id)
    replaces = intent.kind == "authorize" and intent.hold_reference is not None
    status: str = outcome.status
    if replaces and status == IntentStatus.SUCCEEDED:
        superseded = work.run(_SUPERSEDE, order_id=order.id, hold_reference=intent.hold_reference, now=work.now)
        status = IntentStatus.SUCCEEDED if superseded else IntentStatus.SUPERSEDED
    closed = work.run(
        _CLOSE, intent_id=intent.intent_id, status=status, reference=outcome.reference,
        capture_before=outcome.capture_before, now=work.now,
    )  # fmt: skip
    if not closed:
        return order
    decision = _replacement(work, order, intent, outcome) if replaces else _decision(order, intent, outcome)
    if outcome.status == "succeeded":
        _post(work, order, intent, processor)
    return orders.apply(work, order, decision, actor) if decision is not None else order


def _decision(order: Order, intent: Intent, outcome: Outcome) -> Decision | None:
    """None when the order knows already: a hold that was replaced has been given back."""
    facts, reference, done = order.facts, outcome.reference, outcome.status == "succeeded"
    if intent.kind == "authorize":
        return payment.authorized(facts, reference=reference) if done else payment.declined(facts)
    if intent.kind == "refund":
        answered = payment.refunded if done else payment.refund_declined
        return answered(facts, amount_minor=intent.amount_minor, reference=reference)
    if intent.kind == "void" and facts.payment_status != "voiding":
        return None
    if not done:
        return payment.failed(facts, payment=intent.kind, reference=reference)
    if intent.kind == "capture":
        return payment.captured(facts, reference=reference)
    return payment.voided(facts, reference=reference)


def _replacement(work: Work, order: Order, intent: Intent, outcome: Outcome) -> Decision:
    """A newer hold stands in for one about to lapse, which is given back; or, if the order has ended, itself is."""
    old = str(intent.hold_reference)
    if outcome.status == "declined":
        return payment.hold_not_replaced(order.facts, old=old)
    given_back = old if order.facts.payment_status == "authorized" else outcome.reference
    work.run(_GIVE_BACK, void_id=work.new_id("pay"), intent_id=intent.intent_id, reference=given_back, now=work.now)
    return payment.hold_replaced(order.facts, old=old, new=outcome.reference)


def _post(work: Work, order: Order, intent: Intent, processor: PaymentProcessor) -> None:
    sale, settlement = books.sale_of(order.row), processor.capabilities.settlement
    if intent.kind == "capture":
        posted = ledger_rules.capture(sale, intent.intent_id, intent.amount_minor, processor.name, settlement)
        ledger.post(work, [posted])
    elif intent.kind == "refund":
        before_minor = order.row["refunded_minor"] - intent.amount_minor
        posted = ledger_rules.refund(
            sale, intent.intent_id, intent.amount_minor, before_minor, processor.name, settlement
        )
        ledger.post(work, [posted])


_SUPERSEDE = """
    UPDATE payment_intents SET status = 'superseded', updated_at = :now
    FROM orders o
    WHERE payment_intents.order_id = :order_id AND kind = 'authorize' AND payment_intents.status = 'succeeded'
      AND reference = :hold_reference AND o.order_id = payment_intents.order_id AND o.payment_status = 'authorized'
    RETURNING intent_id
"""
"""Only while the order still rests on it: a hold that was captured or given back meanwhile stays what it is."""

_CLOSE = """
    UPDATE payment_intents SET status = :status, reference = :reference, capture_before = :capture_before, updated_at = :now
    WHERE intent_id = :intent_id AND status IN ('pending', 'unknown')
    RETURNING intent_id
"""

_GIVE_BACK = """
    INSERT INTO payment_intents (intent_id, order_id, processor, account, kind, status, amount_minor, fee_minor, currency,
        hold_reference, created_at, updated_at)
    SELECT :void_id, order_id, processor, account, 'void', 'pending', amount_minor, 0, currency, :reference, :now, :now
    FROM payment_intents WHERE intent_id = :intent_id
"""
