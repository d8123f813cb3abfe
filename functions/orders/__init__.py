"""Ordering, paying, cancelling; reading an order."""
