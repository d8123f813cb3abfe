"""PaymentIntents, charges, application fees and refunds: what is done to them, and when it is refused.

docs.stripe.com/api/payment_intents, /charges, /application_fees and /refunds;
docs.stripe.com/payments/place-a-hold-on-a-payment-method.
"""

import secrets
from collections.abc import Callable
from typing import Any

from infra.standins.stripe.cards import ACCEPTED, DECLINED
from infra.standins.stripe.errors import declined, invalid, missing, unexpected_state
from infra.standins.stripe.storage import Object, Storage

PLATFORM = ""
"""The account of what belongs to the platform itself."""

Params = dict[str, Any]


class Payments:
    """`clock` gives seconds since 1970; a hold lapses after `hold_s`. Cards in `blocked` were good once."""

    def __init__(self, storage: Storage, clock: Callable[[], float], hold_s: float) -> None:
        self._storage = storage
        self._clock = clock
        self._hold_s = hold_s
        self.blocked: set[str] = set()

    def create(self, account: str, params: Params) -> Object:
        amount = _amount(params, "amount")
        fee = int(params.get("application_fee_amount", 0))
        if fee and account == PLATFORM:
            raise invalid("application_fee_amount needs a connected account.", param="application_fee_amount")
        if fee > amount:
            raise invalid("The fee is larger than the amount.", param="application_fee_amount")
        method = params.get("payment_method") or params.get("payment_method_data", {}).get("card", {}).get("token")
        if method is not None and method not in ACCEPTED and method not in DECLINED:
            raise missing("PaymentMethod", method, "payment_method")
        held = {
            "id": _new("pi"), "object": "payment_intent", "amount": amount, "amount_capturable": 0, "amount_received": 0,
            "application_fee_amount": fee or None, "capture_method": params.get("capture_method", "automatic"),
            "currency": params["currency"], "created": self._now(), "latest_charge": None, "livemode": False,
            "metadata": params.get("metadata", {}), "payment_method": method,
            "status": "requires_confirmation" if method else "requires_payment_method",
        }  # fmt: skip
        self._save(account, held)
        return self._confirmed(account, held) if params.get("confirm") == "true" else held

    def confirm(self, account: str, identifier: str, params: Params) -> Object:
        held = self.read(account, identifier)
        if held["status"] not in ("requires_confirmation", "requires_payment_method"):
            raise unexpected_state(held, "confirmed")
        return self._confirmed(account, held | {"payment_method": params.get("payment_method", held["payment_method"])})

    def capture(self, account: str, identifier: str, params: Params) -> Object:
        held = self.read(account, identifier)
        if held["status"] != "requires_capture":
            raise unexpected_state(held, "captured")
        amount = int(params.get("amount_to_capture", held["amount"]))
        if not 1 <= amount <= held["amount_capturable"]:
            raise invalid(
                "The amount is larger than what is on hold.", code="amount_too_large", param="amount_to_capture"
            )
        fee = int(params.get("application_fee_amount", held["application_fee_amount"] or 0))
        return self._captured(account, held | {"application_fee_amount": fee or None}, amount)

    def cancel(self, account: str, identifier: str) -> Object:
        held = self.read(account, identifier)
        if held["status"] in ("canceled", "succeeded"):
            raise unexpected_state(held, "canceled")
        held |= {"status": "canceled", "amount_capturable": 0, "canceled_at": self._now()}
        return self._save(account, held, "payment_intent.canceled")

    def refund(self, account: str, params: Params) -> Object:
        held = self.read(account, params.get("payment_intent", ""), "payment_intent")
        if held["status"] != "succeeded":
            raise unexpected_state(held, "refunded")
        charge = self._read("charge", account, held["latest_charge"])
        left = charge["amount_captured"] - charge["amount_refunded"]
        amount = int(params.get("amount", left))
        if not 1 <= amount <= left:
            code = "charge_already_refunded" if left == 0 else None
            raise invalid("The refund is larger than what is left of the charge.", code=code, param="amount")
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self._storage.save("charge", account, charge)
        if params.get("refund_application_fee") == "true" and charge["application_fee"]:
            fee = self._read("application_fee", PLATFORM, charge["application_fee"])
            fee["amount_refunded"] = fee["amount"] * charge["amount_refunded"] // charge["amount_captured"]
            self._storage.save("application_fee", PLATFORM, fee)
        refund = {
            "id": _new("re"), "object": "refund", "amount": amount, "charge": charge["id"], "created": self._now(),
            "currency": held["currency"], "metadata": params.get("metadata", {}), "payment_intent": held["id"],
            "status": "succeeded",
        }  # fmt: skip
        self._storage.save("refund", account, refund)
        self._announce(account, "refund.created", refund)
        return refund

    def read(self, account: str, identifier: str, param: str | None = None) -> Object:
        """A PaymentIntent as it is by now: a hold that has lapsed is canceled. Raises Refused."""
        held = self._read("payment_intent", account, identifier, param)
        if held["status"] != "requires_capture":
            return held
        charge = self._read("charge", account, held["latest_charge"])
        if charge["payment_method_details"]["card"]["capture_before"] > self._now():
            return held
        held |= {
            "status": "canceled",
            "amount_capturable": 0,
            "canceled_at": self._now(),
            "cancellation_reason": "automatic",
        }
        return self._save(account, held, "payment_intent.canceled")

    def fee(self, identifier: str) -> Object:
        """An application fee. Raises Refused."""
        return self._read("application_fee", PLATFORM, identifier)

    def lapse(self, account: str, identifier: str) -> None:
        """Let a hold end now, as if its time had come."""
        held = self._read("payment_intent", account, identifier)
        charge = self._read("charge", account, held["latest_charge"])
        charge["payment_method_details"]["card"]["capture_before"] = self._now()
        self._storage.save("charge", account, charge)

    def expanded(self, account: str, held: Object, expand: list[str]) -> Object:
        if "latest_charge" not in expand or held.get("latest_charge") is None:
            return held
        return held | {"latest_charge": self._storage.find("charge", account, held["latest_charge"])}

    def _confirmed(self, account: str, held: Object) -> Object:
        blocked = "lost_card" if held["payment_method"] in self.blocked else None
        decline_code = DECLINED.get(held["payment_method"], blocked)
        if held["payment_method"] is None:
            raise invalid("You cannot confirm this PaymentIntent because it's missing a payment method.")
        if decline_code is not None:
            held |= {"status": "requires_payment_method", "last_payment_error": {"decline_code": decline_code}}
            self._save(account, held, "payment_intent.payment_failed")
            raise declined(decline_code, held)
        charge = {
            "id": _new("ch"), "object": "charge", "amount": held["amount"], "amount_captured": 0, "amount_refunded": 0,
            "application_fee": None, "application_fee_amount": None, "captured": False, "created": self._now(),
            "currency": held["currency"], "metadata": held["metadata"], "payment_intent": held["id"],
            "payment_method_details": {"type": "card", "card": {"capture_before": self._now() + int(self._hold_s)}},
            "refunded": False, "status": "succeeded",
        }  # fmt: skip
        self._storage.save("charge", account, charge)
        held |= {"status": "requires_capture", "amount_capturable": held["amount"], "latest_charge": charge["id"]}
        if held["capture_method"] != "manual":
            return self._captured(account, held, held["amount"])
        return self._save(account, held, "payment_intent.amount_capturable_updated")

    def _captured(self, account: str, held: Object, amount: int) -> Object:
        charge = self._read("charge", account, held["latest_charge"])
        charge |= {
            "amount_captured": amount,
            "captured": True,
            "application_fee_amount": held["application_fee_amount"],
        }
        if held["application_fee_amount"]:
            fee = {
                "id": _new("fee"), "object": "application_fee", "account": account, "amount": held["application_fee_amount"],
                "amount_refunded": 0, "charge": charge["id"], "created": self._now(), "currency": held["currency"],
            }  # fmt: skip
            self._storage.save("application_fee", PLATFORM, fee)
            charge["application_fee"] = fee["id"]
        self._storage.save("charge", account, charge)
        held |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        return self._save(account, held, "payment_intent.succeeded")

    def _read(self, kind: str, account: str, identifier: str, param: str | None = None) -> Object:
        found = self._storage.find(kind, account, identifier)
        if found is None:
            raise missing(kind, identifier, param)
        return found

    def _save(self, account: str, held: Object, event: str = "payment_intent.created") -> Object:
        self._storage.save("payment_intent", account, held)
        self._announce(account, event, held)
        return held

    def _announce(self, account: str, type: str, about: Object) -> None:
        event = {
            "id": _new("evt"), "object": "event", "type": type, "created": self._now(), "livemode": False,
            "api_version": None, "data": {"object": about},
        }  # fmt: skip
        self._storage.announce(event | ({"account": account} if account else {}))

    def _now(self) -> int:
        return int(self._clock())


def _amount(params: Params, name: str) -> int:
    text = str(params.get(name, ""))
    if not text.isdigit() or int(text) < 1:
        raise invalid("Invalid positive integer", code="parameter_invalid_integer", param=name)
    return int(text)


def _new(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"
