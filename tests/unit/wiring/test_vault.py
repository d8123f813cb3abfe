"""The vault's key and the reports' sender, as settings name them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.exceptions import DefaultCredentialsError

from shared.vault.embedded import ensure_key_file
from shared.wiring.delivery_sales import delivery_service
from shared.wiring.settings import InvalidSettings, settings
from shared.wiring.vault import key_encryption


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("INTERNAL_TOKEN", "token")
    for name in ("VAULT_KEY_FILE", "VAULT_KMS_KEY", "DELIVERY_SERVICE", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    for factory in (settings, key_encryption, delivery_service):
        factory.cache_clear()
    yield
    for factory in (settings, key_encryption, delivery_service):
        factory.cache_clear()


def test_without_a_key_nothing_starts_and_the_message_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(InvalidSettings, match="openssl rand -base64 32"):
        key_encryption()
    monkeypatch.setenv("VAULT_KEY_FILE", str(tmp_path / "missing.key"))
    with pytest.raises(InvalidSettings, match="VAULT_KEY_FILE"):
        key_encryption()
    monkeypatch.setenv("VAULT_KEY_FILE", str(ensure_key_file(tmp_path / "vault.key")))
    assert key_encryption().unwrap(key_encryption().wrap(b"k" * 32, "key_1"), "key_1") == b"k" * 32


def test_a_file_is_not_asked_for_where_cloud_kms_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_KMS_KEY", "projects/p/locations/l/keyRings/r/cryptoKeys/k")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent.json")
    with pytest.raises(DefaultCredentialsError, match=r"nonexistent\.json"):
        key_encryption()


def test_production_says_who_delivers_or_makes_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert delivery_service().name == "Local market"
    delivery_service.cache_clear()
    settings.cache_clear()
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(InvalidSettings, match="DELIVERY_SERVICE"):
        delivery_service()
    monkeypatch.setenv("DELIVERY_SERVICE", "Swift | 1 Plaza, Dallas | +12145550100")
    assert (delivery_service().name, delivery_service().phone) == ("Swift", "+12145550100")
