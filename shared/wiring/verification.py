"""The provider of age checks that settings name."""

from functools import cache

from shared.verification.protocol import AgeVerifier
from shared.wiring.settings import InvalidSettings, settings


@cache
def verifier() -> AgeVerifier:
    """Raises InvalidSettings: the fake believes what it is told, so production refuses it."""
    from shared.verification.fake import FakeVerifier

    if settings().environment == "production":
        raise InvalidSettings("The fake age verifier cannot serve production. Configure a real one.")
    return FakeVerifier()
