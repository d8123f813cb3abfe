"""Intents: commit what will be asked, ask, commit the answer. Whatever a crash leaves open is looked up and finished later."""

import logging
from datetime import timedelta
from typing import Any

from shared.kernel.errors import Conflict, Unavailable
from shared.orders import rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.payments import answers
from shared.payments.protocol import AT_THE_DOOR, Intent, KeyUsedUp, Outcome, PaymentProcessor, Processors
from shared.payments.states import IntentStatus
from shared.storage.connection import Row
from shared.storage.work import Work

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)

COLUMNS = ", ".join(Intent.__dataclass_fields__)


class SellerNotPayable(Conflict):
    code, title = "seller_not_payable", "The store cannot be paid this way yet"


def authorize(work: Work, order_id: str, method_token: str, processors: Processors) -> Order:
    """Hold the order's total. Gives the order as authorised or declined.

    Raises NotPossibleNow, AgeCheckRequired, SellerNotPayable, or Unavailable when the processor does not answer: the same
    request may then be sent again, and continues with the same intent or finds that a webhook has settled it meanwhile.
    """
    order = orders.load(work, order_id)
    if order.facts.payment_status == "authorized" and work.one(
        _HELD_WITH, order_id=order_id, method_token=method_token
    ):
        return order
    rules.check_payable(order.facts)
    if work.one(_OPEN_AUTHORIZATION, order_id=order_id) is None:
        processor = processors("terminal" if method_token == AT_THE_DOOR else "")
        seller = work.run(_SELLER, merchant_id=order.row["merchant_id"])[0]
        check_payable(processor, seller)
        open_authorization(work, order, processor.name, seller["payment_account"], method_token)
    return carry_out(work, order_id, processors)


def check_payable(processor: PaymentProcessor, seller: Row) -> None:
    """Raises SellerNotPayable."""
    if processor.capabilities.needs_account and seller["payment_account"] is None:
        raise SellerNotPayable("The store has no account at the payment processor yet. Its owner sets payment_account.")
    if processor.capabilities.by_hand and not seller["card_terminal"]:
        raise SellerNotPayable("The store takes no cards at the door. Pay with another method.")


def open_authorization(
    work: Work, order: Order, processor: str, account: str | None, method_token: str, replaces: str | None = None
) -> None:
    """Write down that the order's total is to be held; `replaces` is the hold that will then be given back."""
    work.run(
        _AUTHORIZE,
        intent_id=work.new_id("pay"),
        order_id=order.id,
        processor=processor,
        account=account,
        amount_minor=order.row["total_minor"],
        fee_minor=answers.platform_minor(order),
        currency=order.row["currency"],
        method_token=method_token,
        hold_reference=replaces,
        now=work.now,
    )


def carry_out(work: Work, order_id: str, processors: Processors) -> Order:
    """Commit, ask for every open intent of the order, commit each answer. Gives the order as it is then. Raises Unavailable."""
    work.checkpoint()
    for row in work.run(_OPEN_OF_ORDER, order_id=order_id):
        work.checkpoint()
        intent = intent_of(row)
        processor = processors(row["processor"])
        answers.record(work, intent, _answer(work, intent, row["status"], processor), processor)
        work.checkpoint()
    return orders.read(work, order_id)


def settle(work: Work, order_id: str, processors: Processors) -> None:
    """Capture, void or refund what an order's change asked for, once that change and its answer are committed.

    The answer does not wait for the processor: when it is away, `finish_intents` asks again.
    """

    def ask() -> None:
        try:
            carry_out(work, order_id, processors)
        except Unavailable as error:
            log.warning("order %s: its payment is left to finish_intents: %s", order_id, error.detail)
            work.rollback()

    work.afterwards(ask)


def left_open(work: Work, limit: int, *, rested: timedelta = RETRY_AFTER) -> list[str]:
    """Orders with an intent that has been open for longer than `rested`, for the sweeper."""
    rows = work.run(_LEFT_OPEN, before=work.now - rested, limit=limit)
    return [row["order_id"] for row in rows]


def _answer(work: Work, intent: Intent, status: str, processor: PaymentProcessor) -> Outcome:
    """Look up what was asked before, and ask only for what never arrived. Raises Unavailable."""
    if status == IntentStatus.UNKNOWN:
        found = processor.find(intent)
        if found is not None:
            return found
    work.run_later(_ASKED, intent_id=intent.intent_id, now=work.now)
    work.checkpoint()
    try:
        return processor.perform(intent)
    except KeyUsedUp:
        work.run_later(_NEXT_KEY, intent_id=intent.intent_id, attempt=intent.attempt)
        work.checkpoint()
        raise


def intent_of(row: Row) -> Intent:
    """From `COLUMNS` of `payment_intents`."""
    fields: dict[str, Any] = {name: row[name] for name in Intent.__dataclass_fields__}
    return Intent(**fields)


_SELLER = "SELECT payment_account, card_terminal FROM merchants WHERE merchant_id = :merchant_id"

_HELD_WITH = """
    SELECT intent_id FROM payment_intents
    WHERE order_id = :order_id AND kind = 'authorize' AND status = 'succeeded' AND method_token = :method_token
"""

_OPEN_AUTHORIZATION = """
    SELECT intent_id FROM payment_intents
    WHERE order_id = :order_id AND kind = 'authorize' AND status IN ('pending', 'unknown')
"""

_AUTHORIZE = """
    INSERT INTO payment_intents (intent_id, order_id, processor, account, kind, status, amount_minor, fee_minor, currency,
        method_token, hold_reference, created_at, updated_at)
    VALUES (:intent_id, :order_id, :processor, :account, 'authorize', 'pending', :amount_minor, :fee_minor, :currency,
        :method_token, :hold_reference, :now, :now)
"""

_ASKABLE = "status IN ('pending', 'unknown') AND NOT (processor = 'terminal' AND kind = 'capture')"
"""What a terminal has taken is a person's to say."""

_OPEN_OF_ORDER = f"""
    SELECT {COLUMNS}, status, processor FROM payment_intents WHERE order_id = :order_id AND {_ASKABLE} ORDER BY intent_id
"""

_ASKED = """
    UPDATE payment_intents SET status = 'unknown', asked_at = coalesce(asked_at, clock_timestamp()), updated_at = :now
    WHERE intent_id = :intent_id AND status IN ('pending', 'unknown')
"""

_NEXT_KEY = """
    UPDATE payment_intents SET attempt = attempt + 1
    WHERE intent_id = :intent_id AND attempt = :attempt AND status = 'unknown'
"""

_LEFT_OPEN = f"""
    SELECT DISTINCT order_id FROM payment_intents WHERE {_ASKABLE} AND updated_at < :before LIMIT :limit
"""
