"""The provider of age checks: chosen by name, and nothing that believes what it is told in production."""

from collections.abc import Iterator

import pytest

from shared.kernel.errors import NotFound
from shared.verification.fake import FakeVerifier
from shared.wiring import settings as wiring
from shared.wiring import verification
from shared.wiring.settings import InvalidSettings

ONFIDO = {
    "AGE_VERIFIER": "onfido",
    "ONFIDO_WORKFLOW_ID": "7f8f1b1c-0000-4000-8000-000000000001",
    "VERIFICATION_KEY": "api-token",
    "VERIFICATION_WEBHOOK_KEY": "webhook-token",
}


def forget() -> None:
    for factory in (wiring.settings, verification.verifier, verification.onfido):
        factory.cache_clear()


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (*ONFIDO, "ENVIRONMENT", "ONFIDO_REGION", "ONFIDO_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1/db")
    monkeypatch.setenv("INTERNAL_TOKEN", "secret")
    forget()
    yield
    forget()


def choose(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**ONFIDO, **changes}.items():
        monkeypatch.setenv(name, value)


def test_without_a_choice_a_fake_checks_a_database() -> None:
    assert isinstance(verification.verifier(), FakeVerifier)
    assert verification.verifier().evidence == "database_check"


@pytest.mark.parametrize("fake", ["fake", "fake_document"])
def test_production_refuses_every_fake(monkeypatch: pytest.MonkeyPatch, fake: str) -> None:
    monkeypatch.setenv("AGE_VERIFIER", fake)
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match="AGE_VERIFIER=onfido"):
        verification.verifier()


def test_onfido_serves_production_in_the_united_states_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, ENVIRONMENT="production")
    assert (verification.verifier().provider, verification.verifier().evidence) == ("onfido", "document_check")
    assert verification.onfido() is verification.verifier()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("AGE_VERIFIER", "somebody", "somebody"),
        ("VERIFICATION_KEY", "", "VERIFICATION_KEY"),
        ("VERIFICATION_WEBHOOK_KEY", "", "VERIFICATION_WEBHOOK_KEY"),
        ("ONFIDO_WORKFLOW_ID", "my workflow", "UUID"),
        ("ONFIDO_REGION", "mars", "us, eu or ca"),
    ],
)
def test_what_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    choose(monkeypatch, **{name: value})
    with pytest.raises(InvalidSettings, match=says):
        verification.verifier()


def test_a_stand_in_never_serves_production(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, ENVIRONMENT="production", ONFIDO_URL="http://127.0.0.1:1/v3.6")
    with pytest.raises(InvalidSettings, match="ONFIDO_URL"):
        verification.verifier()


def test_webhooks_of_a_vendor_that_is_not_chosen_find_nobody() -> None:
    with pytest.raises(NotFound):
        verification.onfido()
