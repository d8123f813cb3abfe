"""Settings: what may not be is refused at the start, with a sentence that says what to do."""

from collections.abc import Iterator

import pytest

from shared.kernel.errors import NotFound
from shared.wiring.payments import processor, stripe_processor
from shared.wiring.settings import InvalidSettings, settings
from tests.fixtures.http import forget_wiring


@pytest.fixture(autouse=True)
def a_sound_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (
        "ENVIRONMENT",
        "AUTH_ENABLED",
        "RATE_LIMIT_ENABLED",
        "DEMO_SIGN_IN",
        "PAYMENTS",
        "PAYMENTS_KEY",
        "PAYMENTS_WEBHOOK_KEY",
        "STRIPE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1/db")
    monkeypatch.setenv("INTERNAL_TOKEN", "secret")
    forget_wiring()
    yield
    forget_wiring()


def test_everything_is_secure_by_default() -> None:
    found = settings()
    assert found.auth_enabled
    assert found.rate_limit_enabled
    assert found.demo_sign_in is None


@pytest.mark.parametrize(
    ("name", "value"), [("AUTH_ENABLED", "0"), ("RATE_LIMIT_ENABLED", "0"), ("DEMO_SIGN_IN", "a b")]
)
def test_production_refuses_what_is_for_load_tests_and_demos(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert settings()
    forget_wiring()
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match=name):
        settings()


@pytest.mark.parametrize("name", ["DATABASE_URL", "INTERNAL_TOKEN"])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(InvalidSettings, match=f"Set {name}"):
        settings()


def test_production_takes_no_money_through_the_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processor().name == "fake"
    forget_wiring()
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match="PAYMENTS=stripe"):
        processor()
    assert processor("terminal").capabilities.by_hand


def test_stripe_needs_both_of_its_secrets_and_production_no_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        stripe_processor()
    monkeypatch.setenv("PAYMENTS_KEY", "sk_live_1")
    with pytest.raises(InvalidSettings, match="PAYMENTS_WEBHOOK_KEY"):
        stripe_processor()
    monkeypatch.setenv("PAYMENTS_WEBHOOK_KEY", "whsec_1")
    monkeypatch.setenv("STRIPE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match="STRIPE_URL"):
        stripe_processor()


def test_a_processor_that_there_is_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENTS", "barter")
    with pytest.raises(InvalidSettings, match="barter"):
        processor()
