"""The port of the key that encrypts keys."""

from typing import Protocol


class CannotOpen(RuntimeError):
    """What is stored was not sealed by this key, for this place, in this form: it was changed, or the key is another one."""


class KeyEncryption(Protocol):
    """Envelope encryption (NIST SP 800-57 part 1, "key-encrypting key"): data keys are stored, but only wrapped by this one.

    `context` is authenticated with the key: a wrapped key opens in the place that it was made for and nowhere else.
    """

    def wrap(self, key: bytes, context: str) -> bytes:
        """Raises Unavailable."""
        ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Raises CannotOpen, Unavailable."""
        ...
