"""Documents of the live store that are past their time, in the emulator, which has no TTL policies."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.google.expiry import Expiry
from shared.kernel.clock import SettableClock
from shared.live.google import FirestoreLiveStore
from shared.live.protocol import Change, Document, NewChange

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
ORDER = Document("orders", "ord_1", "dfw", {"status": "ready"}, NOON)
TOLD = [
    NewChange("order:1", "order_status", {"status": "ready"}, NOON),
    NewChange("order:1", "driver_position", {"lat": 1}, NOON),
    NewChange("region:dfw", "driver_position", {"lat": 1}, NOON),
]


@pytest.mark.parametrize(
    ("after", "gone", "events"),
    [
        (timedelta(minutes=4), 0, {"order:1": ["order_status", "driver_position"], "region:dfw": ["driver_position"]}),
        (timedelta(minutes=6), 1, {"order:1": ["order_status", "driver_position"], "region:dfw": []}),
        (timedelta(minutes=61), 2, {"order:1": [], "region:dfw": []}),
    ],
)
def test_what_is_told_stays_an_hour_and_where_somebody_was_five_minutes(
    firestore_emulator: str,
    project: str,
    monkeypatch: pytest.MonkeyPatch,
    after: timedelta,
    gone: int,
    events: dict[str, list[str]],
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    store = FirestoreLiveStore(project)
    store.write([ORDER], TOLD)
    assert Expiry(project, SettableClock(NOON + after)).sweep() == gone
    assert {topic: told(store, topic) for topic in events} == events
    assert store.get("orders", "ord_1") == ORDER
    store.close()


def test_a_thing_of_which_nothing_was_told_for_a_day_is_gone_and_another_stays(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    store = FirestoreLiveStore(project)
    later = Document("orders", "ord_2", "dfw", {"status": "ready"}, NOON + timedelta(hours=1))
    store.write([ORDER, later], [])
    assert Expiry(project, SettableClock(NOON + timedelta(hours=24, minutes=1))).sweep() == 1
    assert store.get("orders", "ord_1") is None
    assert store.get("orders", "ord_2") == later
    store.close()


def told(store: FirestoreLiveStore, topic: str) -> list[str]:
    """What one who missed everything is told of a topic, up to a last word."""

    async def listen() -> list[str]:
        changes = await store.watch(topic, 0)
        await asyncio.to_thread(store.write, [], [NewChange(topic, "last", {}, NOON)])
        found: list[Change] = []
        async for change in changes:
            if change.event == "last":
                break
            found.append(change)
        return [change.event for change in found]

    return asyncio.run(listen())
