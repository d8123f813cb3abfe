"""Settings that name a secret are read from Secret Manager, by its real client, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.cloud.secretmanager_v1.types import AccessSecretVersionRequest, AccessSecretVersionResponse

from shared.wiring import secrets
from shared.wiring.settings import InvalidSettings, secret

NAME = "projects/market-test/secrets/database-url/versions/latest"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The versions that were asked for, of a stand-in that knows one secret."""
    names: list[str] = []

    def access(request: AccessSecretVersionRequest, context: Any) -> AccessSecretVersionResponse:
        names.append(request.name)
        if request.name != NAME:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such secret")
        return AccessSecretVersionResponse(name=NAME, payload={"data": b"postgresql://someone@10.0.0.5/cloudrun"})

    method = grpc.unary_unary_rpc_method_handler(
        access, AccessSecretVersionRequest.deserialize, AccessSecretVersionResponse.serialize
    )
    service = "google.cloud.secretmanager.v1.SecretManagerService"
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {"AccessSecretVersion": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("SECRET_MANAGER_EMULATOR_HOST", f"127.0.0.1:{port}")
    secrets.read.cache_clear()
    yield names
    secrets.read.cache_clear()
    server.stop(0).wait()


def test_a_setting_that_names_a_secret_has_its_value(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", NAME)
    for _ in range(2):
        assert secret("DATABASE_URL", "…") == "postgresql://someone@10.0.0.5/cloudrun"
    assert asked == [NAME]


def test_any_other_value_is_the_value_itself(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1/projects")
    assert secret("DATABASE_URL", "…") == "postgresql://127.0.0.1/projects"
    assert asked == []


def test_what_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(InvalidSettings, match="Set DATABASE_URL"):
        secret("DATABASE_URL", "…")
