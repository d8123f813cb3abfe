"""Stripe, as far as a marketplace with direct charges needs it, on this machine: no money, no network, the same answers.

    with StandIn(Settings(secret_key="sk_test_1", webhook_secret="whsec_1")) as running:
        client = stripe.StripeClient("sk_test_1", base_addresses={"api": running.url})

After docs.stripe.com/api: PaymentIntents with manual capture, partial capture, cancellation and refunds on connected accounts,
application fees, declines by test payment methods, idempotency as Stripe has it, signed webhooks. Faults can be injected.
"""

from infra.standins.faults import Fault, Faults
from infra.standins.stripe.server import Settings, StandIn

__all__ = ["Fault", "Faults", "Settings", "StandIn"]
