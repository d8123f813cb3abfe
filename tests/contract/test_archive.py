"""What every archive promises. A new adapter is added to `ADAPTERS` and nothing else is written."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.emulators import storage
from shared.archive.embedded import FolderArchive
from shared.archive.google import BucketArchive
from shared.archive.protocol import AlreadyArchived, Archive

Open = Callable[[Path, pytest.MonkeyPatch], Iterator[Archive]]


def folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    yield FolderArchive(path)


def bucket(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    running = storage.start(path)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", running.url)
    yield BucketArchive("market-test", "archive")
    running.stop()


ADAPTERS: dict[str, Open] = {"embedded": folder, "google": bucket}


@pytest.fixture(params=ADAPTERS)
def archive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    yield from ADAPTERS[request.param](tmp_path, monkeypatch)


def test_what_is_put_is_there(archive: Archive) -> None:
    archive.put("tile/0/x001/067", b"\x00one\r\n--leaf\xff")
    assert archive.get("tile/0/x001/067") == b"\x00one\r\n--leaf\xff"


def test_an_empty_file_is_a_file(archive: Archive) -> None:
    archive.put("checkpoint/0", b"")
    assert archive.get("checkpoint/0") == b""


def test_what_was_never_put_is_not_there(archive: Archive) -> None:
    archive.put("tile/0/000", b"leaf")
    assert archive.get("tile/0/001") is None


def test_whether_a_file_is_there_is_told_by_its_whole_name(archive: Archive) -> None:
    archive.put("evidence/2026-11-20/ord_1.bundle.json", b"{}")
    archive.put("checkpoint/0", b"")
    assert archive.exists("evidence/2026-11-20/ord_1.bundle.json")
    assert archive.exists("checkpoint/0"), "an empty file is a file"
    assert not archive.exists("evidence/2026-11-20")
    assert not archive.exists("evidence/2026-11-20/ord_2.bundle.json")


def test_the_same_file_again_is_nothing_new(archive: Archive) -> None:
    archive.put("checkpoint/7", b"root")
    archive.put("checkpoint/7", b"root")
    assert archive.get("checkpoint/7") == b"root"


def test_what_is_kept_is_never_changed(archive: Archive) -> None:
    archive.put("checkpoint/7", b"root")
    with pytest.raises(AlreadyArchived, match="checkpoint/7"):
        archive.put("checkpoint/7", b"another root")
    assert archive.get("checkpoint/7") == b"root"


def test_of_many_who_put_at_once_one_is_kept_and_the_others_hear_of_it(archive: Archive) -> None:
    def put(number: int) -> bool:
        try:
            archive.put("checkpoint/9", str(number).encode())
        except AlreadyArchived:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        kept = [number for number, done in enumerate(threads.map(put, range(8))) if done]
    assert len(kept) == 1
    assert archive.get("checkpoint/9") == str(kept[0]).encode()
