"""The payment processors: the one that settings name, and any other that began what is still open."""

import os
from functools import cache
from typing import TYPE_CHECKING

from shared.kernel.errors import NotFound
from shared.payments.protocol import PaymentProcessor
from shared.wiring.settings import InvalidSettings, required, settings

if TYPE_CHECKING:
    from shared.payments.stripe import StripeProcessor


def processor(name: str = "") -> PaymentProcessor:
    """`PAYMENTS` names the one for new payments: fake, or stripe.

    Raises InvalidSettings: the fake moves no money, so production refuses it.
    """
    chosen = name or os.environ.get("PAYMENTS", "fake")
    if chosen not in _PROCESSORS:
        raise InvalidSettings(f"PAYMENTS is {chosen}; set it to fake or stripe.")
    return _PROCESSORS[chosen]()


@cache
def stripe_processor() -> "StripeProcessor":
    """For its webhooks too. Raises NotFound where there is no key of Stripe's, and InvalidSettings."""
    if not os.environ.get("PAYMENTS_KEY"):
        raise NotFound("This market takes no payments through Stripe.")
    url = os.environ.get("STRIPE_URL")
    if url and settings().environment == "production":
        raise InvalidSettings("STRIPE_URL names a stand-in; it cannot be set when ENVIRONMENT=production.")
    from shared.payments import stripe

    return stripe.StripeProcessor(
        required("PAYMENTS_KEY", "Stripe's secret key"),
        required("PAYMENTS_WEBHOOK_KEY", "the secret of Stripe's webhook"),
        url=url or stripe.URL,
        timeout_s=float(os.environ.get("STRIPE_TIMEOUT_S", stripe.TIMEOUT_S)),
        retries=int(os.environ.get("STRIPE_RETRIES", stripe.RETRIES)),
    )


@cache
def _fake() -> PaymentProcessor:
    from shared.payments.fake import FakeProcessor

    if settings().environment == "production":
        raise InvalidSettings("The fake payment processor cannot serve production. Set PAYMENTS=stripe.")
    return FakeProcessor()


@cache
def _terminal() -> PaymentProcessor:
    from shared.payments.terminal import TerminalProcessor

    return TerminalProcessor()


_PROCESSORS = {"fake": _fake, "stripe": stripe_processor, "terminal": _terminal}
