"""The port to a payment processor.

What was asked and not answered is looked up with `find`, and asked again only when the processor has never heard of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shared.kernel.errors import Unavailable
from shared.ledger.rules import Settlement
from shared.payments.states import Kind

AT_THE_DOOR = "pm_at_the_door"
"""The payment method of a customer who will pay on the merchant's own terminal."""


class KeyUsedUp(Unavailable):
    """The processor repeated an error that it keeps for the idempotency key: nothing will ever come of this key."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a processor can do, and where its money goes. `needs_account`: the seller needs an account of its own there;
    `by_hand`: a person confirms that money was taken, and the processor is never asked to."""

    settlement: Settlement
    partial_capture: bool
    increment: bool
    refund: bool
    authorisation_expires: bool
    needs_account: bool
    by_hand: bool

    @property
    def split(self) -> bool:
        return self.settlement == Settlement.SPLIT


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be asked, written down before it is asked.

    `hold_reference` is the processor's id of the hold to act on, or that a new authorisation replaces. `fee_minor` is the
    platform's part of the amount. `asked_at` is when it was first asked, by the wall's time.
    """

    intent_id: str
    order_id: str
    kind: Kind
    amount_minor: int
    fee_minor: int
    currency: str
    account: str | None
    method_token: str | None
    hold_reference: str | None
    attempt: int
    asked_at: datetime | None

    @property
    def key(self) -> str:
        """The idempotency key. A new one is taken only once the processor has shown that this one is used up."""
        return f"{self.intent_id}.{self.attempt}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A final answer. `capture_before` is when a hold lapses; None when it does not say, or it never does."""

    status: Literal["succeeded", "declined"]
    reference: str
    capture_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One hold or payment as either side has it; minor units. `fee_minor` is what the platform keeps of what was captured
    and not refunded."""

    reference: str
    order_id: str
    held_minor: int
    captured_minor: int
    refunded_minor: int
    fee_minor: int


class PaymentProcessor(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def perform(self, intent: Intent) -> Outcome:
        """Authorise, capture, void or refund. Raises Unavailable when the outcome is not known."""
        ...

    def find(self, intent: Intent) -> Outcome | None:
        """What became of an intent that was asked; None when it never arrived. Raises Unavailable."""
        ...

    def charges(self, accounts: Iterable[str], since: datetime) -> Iterator[Charge]:
        """What the processor has of these sellers that began or was given back since then, by its own clock; each as it stands
        now. Raises Unavailable."""
        ...

    def charge(self, account: str, reference: str) -> Charge | None:
        """One hold or payment of a seller as it stands now; None when the processor has none. Raises Unavailable."""
        ...


class Processors(Protocol):
    def __call__(self, name: str = "") -> PaymentProcessor:
        """A processor by its name; without one, that which the settings name."""
        ...
