"""Stripe: direct charges on the seller's connected account, with the platform's part as application fee.

Every call carries its key. Stripe repeats the first status and body per key, errors of its own included, and forgets keys
after 24 hours (docs.stripe.com/api/idempotent_requests), so an intent whose answer is not known is fetched and never sent
again blindly: only when Stripe has nothing of it. The SDK is imported with this file, which only the settings choose.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from shared.kernel.errors import Refusal, Unavailable
from shared.ledger.rules import Settlement
from shared.payments.protocol import Capabilities, Charge, Intent, KeyUsedUp, Outcome

log = logging.getLogger(__name__)

URL = "https://api.stripe.com"
TIMEOUT_S = 10.0
RETRIES = 1
PAGE = 100
CLOCK_MARGIN = timedelta(minutes=10)
"""How far Stripe's clock and the database's may be apart."""

TOLERANCE_S = 300
"""How old a webhook's signature may be, and how far in the future its time; seconds."""

_MOVED_ON = {"payment_intent_unexpected_state", "charge_expired_for_capture", "charge_already_refunded"}
"""Codes by which Stripe says that the hold is no longer what we took it for."""

_NO_ANSWER = "The payment processor does not answer. Nothing is charged twice: send the request again in a moment."


class UnsignedDelivery(Refusal):
    status, code, title = 400, "signature_invalid", "The delivery is not signed as agreed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook's event; it only says where to look. `order_id` is None when it is about nothing of ours."""

    event_id: str
    order_id: str | None


class StripeProcessor:
    """`secret_key` and `webhook_secret` are the platform's; `wall` is the wall's time in seconds since 1970."""

    name = "stripe"
    capabilities = Capabilities(
        settlement=Settlement.SPLIT, partial_capture=True, increment=False, refund=True, authorisation_expires=True,
        needs_account=True, by_hand=False,
    )  # fmt: skip

    def __init__(
        self, secret_key: str, webhook_secret: str, *, url: str = URL, timeout_s: float = TIMEOUT_S,
        retries: int = RETRIES, wall: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._client = stripe.StripeClient(
            secret_key, base_addresses={"api": url}, max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout_s),
        )  # fmt: skip
        self._webhook_secret = webhook_secret
        self._wall = wall

    def perform(self, intent: Intent) -> Outcome:
        try:
            return self._ask(intent)
        except stripe.CardError as error:
            return Outcome("declined", _payment_intent_of(error) or intent.intent_id)
        except stripe.InvalidRequestError as error:
            return self._refused(intent, error)
        except stripe.StripeError as error:
            raise _unanswered(intent, error) from error

    def find(self, intent: Intent) -> Outcome | None:
        try:
            return self._look_up(intent)
        except stripe.StripeError as error:
            raise _unanswered(intent, error) from error

    def charges(self, accounts: Iterable[str], since: datetime) -> Iterator[Charge]:
        begun: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        try:
            listed = self._client.v1.application_fees.list(begun)
            fees = {str(fee.charge): fee.amount - fee.amount_refunded for fee in listed.auto_paging_iter()}
            for account in accounts:
                yield from self._charges_of(account, begun, fees)
        except stripe.StripeError as error:
            raise _unread(error) from error

    def charge(self, account: str, reference: str) -> Charge | None:
        try:
            return self._charge(account, reference)
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                return None
            raise _unread(error) from error
        except stripe.StripeError as error:
            raise _unread(error) from error

    def read(self, body: bytes, signature: str | None) -> Delivery:
        """An event that Stripe signed within `TOLERANCE_S` of now. Raises UnsignedDelivery.

        The SDK refuses old times and accepts future ones (`construct_event`), which would let a captured delivery be
        signed ahead; so those are refused here.
        """
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret, TOLERANCE_S)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise UnsignedDelivery(
                "Sign the raw body with the endpoint's secret, as Stripe does, and send it at once."
            ) from error
        signed_at = next(int(part[2:]) for part in (signature or "").split(",") if part.startswith("t="))
        if signed_at > self._wall() + TOLERANCE_S:
            raise UnsignedDelivery("The signature's time lies in the future. Set the sender's clock and send it again.")
        about = event.to_dict()["data"]["object"]
        return Delivery(event.id, (about.get("metadata") or {}).get("order_id"))

    def _charges_of(self, account: str, begun: Any, fees: dict[str, int]) -> Iterator[Charge]:
        seller: Any = {"stripe_account": account}
        holds: Any = {**begun, "expand": ["data.latest_charge"]}
        page = self._client.v1.payment_intents.list(holds, seller)
        told = set()
        for held in page.auto_paging_iter():
            told.add(held.id)
            yield _charge_of(held.to_dict(), fees)
        for refund in self._client.v1.refunds.list(begun, seller).auto_paging_iter():
            reference = refund.payment_intent
            if reference is not None and str(reference) not in told:
                told.add(str(reference))
                yield self._charge(account, str(reference))

    def _charge(self, account: str, reference: str) -> Charge:
        held = self._client.v1.payment_intents.retrieve(
            reference, {"expand": ["latest_charge"]}, {"stripe_account": account}
        ).to_dict()
        charge = held.get("latest_charge") or {}
        if not charge.get("application_fee"):
            return _charge_of(held, {})
        fee = self._client.v1.application_fees.retrieve(charge["application_fee"])
        return _charge_of(held, {charge["id"]: fee.amount - fee.amount_refunded})

    def _ask(self, intent: Intent) -> Outcome:
        holds, options = self._client.v1.payment_intents, _options(intent)
        metadata = {"intent_id": intent.intent_id, "order_id": intent.order_id}
        if intent.kind == "authorize":
            return _held(holds.create(_authorization(intent, metadata), options).to_dict())
        reference = _reference(intent)
        if intent.kind == "capture":
            amounts: Any = {"amount_to_capture": intent.amount_minor, "application_fee_amount": intent.fee_minor}
            return Outcome("succeeded", holds.capture(reference, amounts, options).id)
        if intent.kind == "void":
            return Outcome("succeeded", holds.cancel(reference, {}, options).id)
        back: Any = {
            "payment_intent": reference, "amount": intent.amount_minor, "refund_application_fee": True, "metadata": metadata,
        }  # fmt: skip
        return Outcome("succeeded", self._client.v1.refunds.create(back, options).id)

    def _refused(self, intent: Intent, error: stripe.InvalidRequestError) -> Outcome:
        """The request itself was refused, so nothing came of it."""
        if error.code in _MOVED_ON:
            found = self.find(intent)
            return found or Outcome("declined", _reference(intent))
        log.error("intent %s: Stripe refused the request: %s %s", intent.intent_id, error.code, error.param)
        return Outcome("declined", intent.hold_reference or intent.intent_id)

    def _look_up(self, intent: Intent) -> Outcome | None:
        if intent.kind == "authorize":
            created = int(((intent.asked_at or datetime.fromtimestamp(0, UTC)) - CLOCK_MARGIN).timestamp())
            query: Any = {"created": {"gte": max(0, created)}, "limit": PAGE, "expand": ["data.latest_charge"]}
            page = self._client.v1.payment_intents.list(query, _account(intent))
            ours = (found.to_dict() for found in page.auto_paging_iter())
            mine = (found for found in ours if found["metadata"].get("intent_id") == intent.intent_id)
            return next(map(_held, mine), None)
        reference = _reference(intent)
        if intent.kind == "refund":
            refunds = self._client.v1.refunds.list({"payment_intent": reference, "limit": PAGE}, _account(intent))
            for refund in refunds.auto_paging_iter():
                if (refund.to_dict().get("metadata") or {}).get("intent_id") == intent.intent_id:
                    return Outcome("declined" if refund.status in ("failed", "canceled") else "succeeded", refund.id)
            return None
        status = self._client.v1.payment_intents.retrieve(reference, None, _account(intent)).status
        if status == "requires_capture":
            return None
        wanted = "succeeded" if intent.kind == "capture" else "canceled"
        return Outcome("succeeded" if status == wanted else "declined", reference)


def _authorization(intent: Intent, metadata: dict[str, str]) -> Any:
    method: dict[str, Any] = {"payment_method": intent.method_token}
    if (intent.method_token or "").startswith("tok_"):
        method = {"payment_method_data": {"type": "card", "card": {"token": intent.method_token}}}
    return {
        "amount": intent.amount_minor,
        "currency": intent.currency.lower(),
        "application_fee_amount": intent.fee_minor,
        "capture_method": "manual",
        "confirm": True,
        "payment_method_types": ["card"],
        "error_on_requires_action": True,
        "metadata": metadata,
        "expand": ["latest_charge"],
        **method,
    }


def _held(held: dict[str, Any]) -> Outcome:
    """What a PaymentIntent says of the authorisation that made it. Raises Unavailable while Stripe works on it."""
    if held["status"] == "processing":
        raise Unavailable(_NO_ANSWER)
    if held["status"] not in ("requires_capture", "succeeded"):
        return Outcome("declined", held["id"])
    charge = held.get("latest_charge")
    card = (charge["payment_method_details"] or {}).get("card", {}) if isinstance(charge, dict) else {}
    before = card.get("capture_before")
    return Outcome("succeeded", held["id"], datetime.fromtimestamp(before, UTC) if before else None)


def _charge_of(held: dict[str, Any], fees: dict[str, int]) -> Charge:
    charge = held.get("latest_charge") or {}
    return Charge(
        reference=held["id"],
        order_id=held["metadata"].get("order_id", ""),
        held_minor=held["amount"] if held["status"] == "requires_capture" else 0,
        captured_minor=held["amount_received"],
        refunded_minor=charge.get("amount_refunded", 0) if held["amount_received"] else 0,
        fee_minor=fees.get(charge.get("id", ""), 0),
    )


def _reference(intent: Intent) -> str:
    if intent.hold_reference is None:
        raise ValueError(f"intent {intent.intent_id} acts on a hold and names none")
    return intent.hold_reference


def _account(intent: Intent) -> Any:
    return {"stripe_account": intent.account}


def _options(intent: Intent) -> Any:
    return {**_account(intent), "idempotency_key": intent.key}


def _payment_intent_of(error: stripe.CardError) -> str | None:
    body = error.json_body if isinstance(error.json_body, dict) else json.loads(error.http_body or "{}")
    held = body.get("error", {}).get("payment_intent") or {}
    return held.get("id")


def _unread(error: stripe.StripeError) -> Unavailable:
    return Unavailable(f"Stripe could not be read through: {type(error).__name__}. Try again later.")


def _unanswered(intent: Intent, error: stripe.StripeError) -> Unavailable:
    """What is not an answer. A key is used up once Stripe repeats an error of its own for it, and says so."""
    log.warning("intent %s: Stripe gave no answer: %s %s", intent.intent_id, type(error).__name__, error.http_status)
    headers = {name.lower(): value for name, value in dict(error.headers or {}).items()}
    repeated = headers.get("idempotent-replayed") == "true"
    return KeyUsedUp(_NO_ANSWER) if repeated and (error.http_status or 0) >= 500 else Unavailable(_NO_ANSWER)
