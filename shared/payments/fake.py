"""A processor that decides by the token alone, for development and tests; it moves no money and keeps no books."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.kernel.errors import Unavailable
from shared.ledger.rules import Settlement
from shared.payments.protocol import Capabilities, Charge, Intent, Outcome


class FakeProcessor:
    """`tok_chargeDeclined` is declined, `tok_unreachable` never answers, any other token succeeds."""

    name = "fake"
    capabilities = Capabilities(
        settlement=Settlement.PLATFORM, partial_capture=True, increment=False, refund=True, authorisation_expires=False,
        needs_account=False, by_hand=False,
    )  # fmt: skip

    def perform(self, intent: Intent) -> Outcome:
        if intent.method_token == "tok_unreachable":
            raise Unavailable(
                "The payment processor does not answer. Nothing was charged twice: send the request again."
            )
        if intent.method_token == "tok_chargeDeclined":
            return Outcome("declined", f"fake_{intent.intent_id}")
        return Outcome("succeeded", f"fake_{intent.intent_id}")

    def find(self, intent: Intent) -> Outcome | None:
        """It remembers nothing, and answers the same when it is asked again."""
        return None

    def charges(self, accounts: Iterable[str], since: datetime) -> Iterator[Charge]:
        return iter(())

    def charge(self, account: str, reference: str) -> Charge | None:
        return None
