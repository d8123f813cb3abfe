"""Both keys that encrypt keys keep the same promises: a file on one machine, and Cloud KMS behind its real client."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from shared.kernel.errors import Unavailable
from shared.vault.embedded import KeyFile, ensure_key_file
from shared.vault.kms import CloudKms
from shared.vault.protocol import CannotOpen, KeyEncryption
from tests.fixtures.kms import KEY_NAME, KmsServer, running_kms

SECRET = bytes(range(32))


@pytest.fixture
def kms() -> Iterator[KmsServer]:
    with running_kms() as server:
        yield server


@pytest.fixture(params=["file", "kms"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyEncryption]:
    if request.param == "file":
        yield KeyFile(ensure_key_file(tmp_path / "vault.key"))
        return
    with running_kms() as server:
        yield CloudKms(server.client(), KEY_NAME)


def test_what_was_wrapped_is_what_unwraps(keys: KeyEncryption) -> None:
    wrapped = keys.wrap(SECRET, "key_1")
    assert SECRET not in wrapped
    assert keys.unwrap(wrapped, "key_1") == SECRET


def test_a_key_unwraps_in_its_own_place_alone(keys: KeyEncryption) -> None:
    wrapped = keys.wrap(SECRET, "key_1")
    with pytest.raises(CannotOpen):
        keys.unwrap(wrapped, "key_2")


def test_a_changed_wrapped_key_does_not_unwrap(keys: KeyEncryption) -> None:
    wrapped = bytearray(keys.wrap(SECRET, "key_1"))
    wrapped[-1] ^= 1
    with pytest.raises(CannotOpen):
        keys.unwrap(bytes(wrapped), "key_1")


def test_a_new_key_on_top_of_the_file_leaves_the_old_ones_readable(tmp_path: Path) -> None:
    file = ensure_key_file(tmp_path / "vault.key")
    wrapped = KeyFile(file).wrap(SECRET, "key_1")
    assert ensure_key_file(file).stat().st_mode & 0o077 == 0
    file.write_text(base64.b64encode(os.urandom(32)).decode() + "\n" + file.read_text())
    rotated = KeyFile(file)
    assert rotated.unwrap(wrapped, "key_1") == SECRET
    assert rotated.wrap(SECRET, "key_1")[:8] != wrapped[:8]
    file.write_text(file.read_text().splitlines()[0])
    with pytest.raises(CannotOpen, match="not in the key file"):
        KeyFile(file).unwrap(wrapped, "key_1")


def test_a_file_without_whole_keys_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    for text in ("", "c2hvcnQ=", "not base64!"):
        file.write_text(text)
        with pytest.raises(ValueError):
            KeyFile(file)


def test_cloud_kms_is_asked_once_for_a_key_that_a_process_holds(kms: KmsServer) -> None:
    wrapped = CloudKms(kms.client(), KEY_NAME).wrap(SECRET, "key_1")
    keys = CloudKms(kms.client(), KEY_NAME)
    assert [keys.unwrap(wrapped, "key_1") for _ in range(3)] == [SECRET] * 3
    assert kms.decrypted == 1


def test_a_key_of_another_name_is_not_opened(kms: KmsServer) -> None:
    wrapped = CloudKms(kms.client(), KEY_NAME).wrap(SECRET, "key_1")
    with pytest.raises(CannotOpen):
        CloudKms(kms.client(), f"{KEY_NAME}2").unwrap(wrapped, "key_1")


def test_what_was_damaged_on_the_way_is_not_used(kms: KmsServer) -> None:
    keys = CloudKms(kms.client(), KEY_NAME)
    kms.damages = True
    with pytest.raises(Unavailable, match="damaged"):
        keys.wrap(SECRET, "key_1")
    kms.damages = False
    wrapped = CloudKms(kms.client(), KEY_NAME).wrap(SECRET, "key_1")
    kms.damages = True
    with pytest.raises(Unavailable, match="damaged"):
        keys.unwrap(wrapped, "key_1")


@pytest.mark.parametrize("refusal", [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAVAILABLE])
def test_a_kms_that_does_not_serve_is_said_to_be_away(kms: KmsServer, refusal: grpc.StatusCode) -> None:
    wrapped = CloudKms(kms.client(), KEY_NAME).wrap(SECRET, "key_1")
    kms.away = refusal
    keys = CloudKms(kms.client(), KEY_NAME)
    with pytest.raises(Unavailable, match="Cloud KMS did not answer"):
        keys.wrap(SECRET, "key_1")
    with pytest.raises(Unavailable, match="Cloud KMS did not answer"):
        keys.unwrap(wrapped, "key_1")
