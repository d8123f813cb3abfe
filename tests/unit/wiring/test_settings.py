"""Settings: what may not be is refused at the start, with a sentence that says what to do."""

from collections.abc import Iterator

import pytest

from shared.wiring import settings as wiring
from shared.wiring.settings import InvalidSettings, settings


@pytest.fixture(autouse=True)
def a_sound_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ENVIRONMENT", "AUTH_ENABLED", "RATE_LIMIT_ENABLED", "DEMO_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1/db")
    monkeypatch.setenv("INTERNAL_TOKEN", "secret")
    wiring.settings.cache_clear()
    yield
    wiring.settings.cache_clear()


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
    wiring.settings.cache_clear()
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match=name):
        settings()


@pytest.mark.parametrize("name", ["DATABASE_URL", "INTERNAL_TOKEN"])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(InvalidSettings, match=f"Set {name}"):
        settings()
