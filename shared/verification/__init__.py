"""Proof of age at checkout, from a provider behind a port."""
