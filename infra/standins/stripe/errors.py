"""Stripe's error answers (docs.stripe.com/api/errors)."""

from typing import Any


class Refused(Exception):
    """An answer of 4xx. `kept` says whether Stripe keeps it for the idempotency key: only what was begun is kept."""

    def __init__(self, status: int, type: str, message: str, *, kept: bool = False, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": type, "message": message, **more}}
        self.kept = kept


def invalid(message: str, *, code: str | None = None, param: str | None = None, status: int = 400) -> Refused:
    return Refused(status, "invalid_request_error", message, code=code, param=param)


def missing(what: str, identifier: str, param: str | None = None) -> Refused:
    status = 404 if param is None else 400
    return invalid(f"No such {what}: '{identifier}'", code="resource_missing", param=param or "id", status=status)


def declined(decline_code: str, held: dict[str, Any]) -> Refused:
    return Refused(
        402, "card_error", "Your card was declined.", kept=True, code="card_declined", decline_code=decline_code,
        payment_intent=held,
    )  # fmt: skip


def unexpected_state(held: dict[str, Any], act: str) -> Refused:
    message = f"This PaymentIntent could not be {act} because it has a status of {held['status']}."
    return Refused(
        400, "invalid_request_error", message, kept=True, code="payment_intent_unexpected_state", payment_intent=held
    )


KEY_REUSED = Refused(
    400, "idempotency_error",
    "Keys for idempotent requests can only be used with the same parameters they were first used with.",
)  # fmt: skip
"""Is never raised while another request is under way, so one object is enough."""
