"""Unit, contract, integration, qa, chaos and browser tests."""
