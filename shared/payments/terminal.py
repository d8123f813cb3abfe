"""The merchant's own card terminal, carried to the door: nothing is held, and a person confirms what it has taken."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.ledger.rules import Settlement
from shared.payments.protocol import Capabilities, Charge, Intent, Outcome


class TerminalProcessor:
    """Agrees at once to what needs no money: promising to pay at the door, and not having to."""

    name = "terminal"
    capabilities = Capabilities(
        settlement=Settlement.MERCHANT, partial_capture=False, increment=False, refund=False, authorisation_expires=False,
        needs_account=False, by_hand=True,
    )  # fmt: skip

    def perform(self, intent: Intent) -> Outcome:
        """Captures and refunds are a person's to confirm, and are never asked for here."""
        return Outcome("succeeded", intent.hold_reference or f"terminal_{intent.intent_id}")

    def find(self, intent: Intent) -> Outcome | None:
        return None

    def charges(self, accounts: Iterable[str], since: datetime) -> Iterator[Charge]:
        """What the merchant's acquirer has is not ours to see."""
        return iter(())

    def charge(self, account: str, reference: str) -> Charge | None:
        return None
