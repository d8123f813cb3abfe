"""Intents: commit what will be asked, ask, commit the answer. Whatever a crash leaves open is finished later."""

import logging
from datetime import timedelta
from typing import Any

from shared.kernel.errors import Unavailable
from shared.kernel.roles import PLATFORM
from shared.orders import rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.payments.protocol import Intent, Outcome, PaymentProcessor
from shared.storage.connection import Row
from shared.storage.work import Work

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)


def authorize(work: Work, order_id: str, method_token: str, processor: PaymentProcessor) -> Order:
    """Hold the order's total. Gives the order as authorised or declined.

    Raises NotPossibleNow, AgeCheckRequired, or Unavailable when the processor does not answer: the same request may
    then be sent again and continues with the same intent.
    """
    order = orders.load(work, order_id)
    rules.check_payable(order.facts)
    row = work.one(_OPEN_AUTHORIZATION, order_id=order_id)
    if row is None:
        work.run(
            _AUTHORIZE,
            intent_id=work.new_id("pay"),
            order_id=order_id,
            amount_minor=order.row["total_minor"],
            currency=order.row["currency"],
            method_token=method_token,
            now=work.now,
        )
    return carry_out(work, order_id, processor)


def carry_out(work: Work, order_id: str, processor: PaymentProcessor) -> Order:
    """Commit, ask the processor for every open intent of the order, commit each answer. Gives the order as it is then."""
    work.checkpoint()
    for row in work.run(_OPEN_OF_ORDER, order_id=order_id):
        work.checkpoint()
        intent = _intent(row)
        record(work, intent, processor.perform(intent))
        work.checkpoint()
    return orders.read(work, order_id)


def settle(work: Work, order_id: str, processor: PaymentProcessor) -> None:
    """Capture or void what an order's change asked for, once that change and its answer are committed.

    The answer does not wait for the processor: when it is away, `finish_intents` asks again.
    """

    def ask() -> None:
        try:
            carry_out(work, order_id, processor)
        except Unavailable as error:
            log.warning("order %s: its payment is left to finish_intents: %s", order_id, error.detail)
            work.rollback()

    work.afterwards(ask)


def record(work: Work, intent: Intent, outcome: Outcome) -> None:
    """Make the processor's answer part of the order, once: a repeated answer changes nothing."""
    order = orders.load(work, intent.order_id)
    closed = work.run(
        _CLOSE, intent_id=intent.intent_id, status=outcome.status, reference=outcome.reference, now=work.now
    )
    if not closed:
        return
    facts = order.facts
    if intent.kind == "authorize" and outcome.status == "succeeded":
        decision = rules.authorize_payment(facts, reference=outcome.reference)
    elif intent.kind == "authorize":
        decision = rules.decline_payment(facts)
    elif intent.kind == "capture":
        decision = rules.captured(facts, reference=outcome.reference)
    else:
        decision = rules.voided(facts, reference=outcome.reference)
    orders.apply(work, order, decision, PLATFORM)


def left_open(work: Work, limit: int) -> list[str]:
    """Orders with an intent that should have been answered by now, for the sweeper."""
    rows = work.run(_LEFT_OPEN, before=work.now - RETRY_AFTER, limit=limit)
    return [row["order_id"] for row in rows]


def _intent(row: Row) -> Intent:
    fields: dict[str, Any] = {name: row[name] for name in Intent.__dataclass_fields__}
    return Intent(**fields)


_OPEN_AUTHORIZATION = """
    SELECT intent_id FROM payment_intents
    WHERE order_id = :order_id AND kind = 'authorize' AND status IN ('pending', 'unknown')
"""

_AUTHORIZE = """
    INSERT INTO payment_intents
        (intent_id, order_id, kind, status, amount_minor, currency, method_token, created_at, updated_at)
    VALUES (:intent_id, :order_id, 'authorize', 'pending', :amount_minor, :currency, :method_token, :now, :now)
"""

_OPEN_OF_ORDER = """
    SELECT i.intent_id, i.order_id, i.kind, i.amount_minor, i.currency, i.method_token,
           coalesce(i.reference, hold.reference) AS reference
    FROM payment_intents i
    LEFT JOIN payment_intents hold
        ON hold.order_id = i.order_id AND hold.kind = 'authorize' AND hold.status = 'succeeded'
    WHERE i.order_id = :order_id AND i.status IN ('pending', 'unknown')
    ORDER BY i.intent_id
"""

_CLOSE = """
    UPDATE payment_intents SET status = :status, reference = :reference, attempts = attempts + 1, updated_at = :now
    WHERE intent_id = :intent_id AND status IN ('pending', 'unknown')
    RETURNING intent_id
"""

_LEFT_OPEN = """
    SELECT DISTINCT order_id FROM payment_intents
    WHERE status IN ('pending', 'unknown') AND updated_at < :before
    LIMIT :limit
"""
