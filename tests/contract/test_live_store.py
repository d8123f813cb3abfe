"""What every live store promises. A new adapter is added to `ADAPTERS` and nothing else is written."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.live.embedded import EmbeddedLiveStore
from shared.live.google import FirestoreLiveStore
from shared.live.protocol import Change, Document, LiveStore, NewChange

Request = pytest.FixtureRequest


def embedded(request: Request) -> LiveStore:
    return EmbeddedLiveStore(request.getfixturevalue("database"), 4)


def firestore(request: Request) -> LiveStore:
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", request.getfixturevalue("firestore_emulator"))
    return FirestoreLiveStore(request.getfixturevalue("project"))


ADAPTERS: dict[str, Callable[[Request], LiveStore]] = {"embedded": embedded, "google": firestore}
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PATIENCE_S = 30.0


@pytest.fixture(params=ADAPTERS)
def store(request: Request) -> Iterator[LiveStore]:
    opened = ADAPTERS[request.param](request)
    yield opened
    opened.close()


def document(at: datetime = NOON, **body: object) -> Document:
    return Document("drivers", "drv_1", "dfw", dict(body), at)


def change(number: int, topic: str = "order:1") -> NewChange:
    return NewChange(topic, "moved", {"n": number}, NOON)


async def heard(changes: AsyncIterator[Change], count: int) -> list[Change]:
    return [await asyncio.wait_for(anext(changes), PATIENCE_S) for _ in range(count)]


def test_the_latest_document_is_kept_whatever_the_order_of_arrival(store: LiveStore) -> None:
    store.write([document(NOON, lat=1)], [])
    store.write([document(NOON + timedelta(seconds=2), lat=3)], [])
    store.write([document(NOON + timedelta(seconds=1), lat=2)], [])
    found = store.get("drivers", "drv_1")
    assert found == document(NOON + timedelta(seconds=2), lat=3)


def test_what_was_never_written_is_not_there(store: LiveStore) -> None:
    assert store.get("drivers", "drv_1") is None


def test_what_was_forgotten_is_not_there_and_may_come_again(store: LiveStore) -> None:
    store.write([document(lat=1)], [])
    store.forget("drivers", "drv_1")
    assert store.get("drivers", "drv_1") is None
    store.forget("drivers", "drv_1")
    store.write([document(lat=2)], [])
    found = store.get("drivers", "drv_1")
    assert found is not None
    assert found.body == {"lat": 2}


def test_a_watcher_hears_its_topic_in_order_and_no_other(store: LiveStore) -> None:
    async def scene() -> list[Change]:
        changes = await store.watch("order:1", None)
        for number in range(20):
            await asyncio.to_thread(store.write, [], [change(number), change(number, "order:2")])
        return await heard(changes, 20)

    told = asyncio.run(scene())
    assert [one.data["n"] for one in told] == list(range(20))
    assert [one.id for one in told] == sorted({one.id for one in told})


def test_a_watcher_hears_nothing_of_before(store: LiveStore) -> None:
    store.write([], [change(1)])

    async def scene() -> list[Change]:
        changes = await store.watch("order:1", None)
        await asyncio.to_thread(store.write, [], [change(2)])
        return await heard(changes, 1)

    assert asyncio.run(scene())[0].data == {"n": 2}


def test_whoever_names_the_last_id_hears_all_that_came_since_and_what_comes_next(store: LiveStore) -> None:
    async def scene() -> tuple[list[Change], list[Change]]:
        first = await store.watch("order:1", None)
        store.write([], [change(0)])
        [seen] = await heard(first, 1)
        store.write([], [change(number) for number in range(1, 1_201)])
        again = await store.watch("order:1", seen.id)
        missed = await heard(again, 1_200)
        store.write([], [change(9_999)])
        return missed, await heard(again, 1)

    missed, following = asyncio.run(scene())
    assert [one.data["n"] for one in missed] == list(range(1, 1_201))
    assert following[0].data["n"] == 9_999


def test_many_writers_at_once_lose_and_repeat_nothing(store: LiveStore) -> None:
    async def scene() -> list[Change]:
        watchers = [await store.watch("order:1", None) for _ in range(3)]
        await asyncio.gather(*(asyncio.to_thread(store.write, [], [change(number)]) for number in range(200)))
        heard_by_each = [await heard(watcher, 200) for watcher in watchers]
        assert heard_by_each[0] == heard_by_each[1] == heard_by_each[2]
        return heard_by_each[0]

    assert sorted(one.data["n"] for one in asyncio.run(scene())) == list(range(200))


def test_a_watcher_that_falls_far_behind_still_hears_everything(store: LiveStore) -> None:
    async def scene() -> list[Change]:
        changes = await store.watch("order:1", None)
        for start in range(0, 5_000, 500):
            await asyncio.to_thread(store.write, [], [change(number) for number in range(start, start + 500)])
        await asyncio.sleep(0.5)
        return await heard(changes, 5_000)

    assert [one.data["n"] for one in asyncio.run(scene())] == list(range(5_000))


def test_of_many_who_write_a_document_at_once_the_latest_stays(store: LiveStore) -> None:
    def write(second: int) -> None:
        store.write([document(NOON + timedelta(seconds=second), lat=second)], [change(second)])

    async def scene() -> list[Change]:
        changes = await store.watch("order:1", None)
        await asyncio.gather(*(asyncio.to_thread(write, second) for second in range(8)))
        return await heard(changes, 8)

    told = asyncio.run(scene())
    assert store.get("drivers", "drv_1") == document(NOON + timedelta(seconds=7), lat=7)
    assert sorted(one.data["n"] for one in told) == list(range(8)), "an older document's change is told all the same"


def test_two_documents_and_what_is_said_of_them_are_written_together(store: LiveStore) -> None:
    other = Document("orders", "ord_1", "dfw", {"route": [[32.7, -96.8], [32.8, -96.9]]}, NOON)
    store.write([document(NOON, lat=1), other], [change(1)])
    assert store.get("orders", "ord_1") == other
    assert store.get("drivers", "drv_1") == document(NOON, lat=1)


def test_what_is_said_is_heard_long_before_a_client_would_ask_again(store: LiveStore) -> None:
    """Beside the time that the same writes take: a listener that polled would need much longer."""

    async def scene() -> tuple[float, float]:
        changes = await store.watch("order:1", None)
        wrote_s, heard_s = 0.0, 0.0
        for number in range(20):
            began = time.perf_counter()
            await asyncio.to_thread(store.write, [], [change(number)])
            written = time.perf_counter()
            await heard(changes, 1)
            wrote_s, heard_s = wrote_s + written - began, heard_s + time.perf_counter() - written
        return wrote_s, heard_s

    wrote_s, heard_s = asyncio.run(scene())
    assert heard_s < 20 * max(wrote_s, 0.1)


def test_many_topics_are_watched_at_once_and_each_hears_its_own(store: LiveStore) -> None:
    async def scene() -> list[list[Change]]:
        watchers = [await store.watch(f"order:{number}", None) for number in range(30)]
        for number in range(30):
            await asyncio.to_thread(store.write, [], [change(number, f"order:{number}")])
        return [await heard(watcher, 1) for watcher in watchers]

    assert [told[0].data["n"] for told in asyncio.run(scene())] == list(range(30))
