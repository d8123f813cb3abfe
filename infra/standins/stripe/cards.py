"""Test payment methods, by Stripe's names (docs.stripe.com/testing)."""

ACCEPTED = frozenset({"pm_card_visa", "pm_card_mastercard", "tok_visa", "tok_mastercard"})
DECLINED = {
    "pm_card_chargeDeclined": "generic_decline",
    "tok_chargeDeclined": "generic_decline",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "tok_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_chargeDeclinedExpiredCard": "expired_card",
    "tok_chargeDeclinedExpiredCard": "expired_card",
}
"""By what the issuer says."""
