"""The port to a payment processor. Every call is safe to repeat: the intent's id is its idempotency key."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["authorize", "capture", "void"]


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be asked, written down before it is asked. `reference` is the processor's id of the hold, once known."""

    intent_id: str
    order_id: str
    kind: Kind
    amount_minor: int
    currency: str
    method_token: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A final answer of the processor. No answer at all is kernel's Unavailable: the intent then stays open."""

    status: Literal["succeeded", "declined"]
    reference: str


class PaymentProcessor(Protocol):
    name: str

    def perform(self, intent: Intent) -> Outcome:
        """Authorise, capture or void. Raises Unavailable when the outcome is not known."""
        ...
