"""A processor that decides by the token alone, for development and tests; it moves no money."""

from shared.kernel.errors import Unavailable
from shared.payments.protocol import Intent, Outcome


class FakeProcessor:
    """`tok_declined` is declined, `tok_unreachable` never answers, any other token succeeds."""

    name = "fake"

    def perform(self, intent: Intent) -> Outcome:
        if intent.method_token == "tok_unreachable":
            raise Unavailable(
                "The payment processor does not answer. Nothing was charged twice: send the request again."
            )
        if intent.method_token == "tok_declined":
            return Outcome("declined", f"fake_{intent.intent_id}")
        return Outcome("succeeded", intent.reference or f"fake_{intent.intent_id}")
