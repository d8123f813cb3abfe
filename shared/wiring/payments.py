"""The payment processor that settings name."""

from functools import cache

from shared.payments.protocol import PaymentProcessor
from shared.wiring.settings import InvalidSettings, settings


@cache
def processor() -> PaymentProcessor:
    """Raises InvalidSettings: the fake moves no money, so production refuses it."""
    from shared.payments.fake import FakeProcessor

    if settings().environment == "production":
        raise InvalidSettings("The fake payment processor cannot serve production. Configure a real one.")
    return FakeProcessor()
