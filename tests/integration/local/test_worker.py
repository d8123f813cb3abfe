"""The worker of one machine, and what it forgets."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.worker import forgetting
from shared.live.embedded import EmbeddedLiveStore
from shared.live.protocol import Document, NewChange
from shared.storage.connection import Connection

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TOLD = [
    NewChange("order:1", "order_status", {"status": "ready"}, NOON),
    NewChange("order:1", "driver_position", {"lat": 1}, NOON),
]


@pytest.mark.parametrize(
    ("after", "documents", "events"),
    [
        (timedelta(minutes=4), 1, ["driver_position", "order_status"]),
        (timedelta(minutes=6), 1, ["order_status"]),
        (timedelta(minutes=61), 1, []),
        (timedelta(hours=25), 0, []),
    ],
)
def test_what_is_told_stays_an_hour_where_somebody_was_five_minutes_and_a_thing_a_day(
    database: str, connection: Connection, after: timedelta, documents: int, events: list[str]
) -> None:
    store = EmbeddedLiveStore(database, 1)
    store.write([Document("orders", "ord_1", "dfw", {"status": "ready"}, NOON)], TOLD)
    connection.fetch(*forgetting(NOON + after))
    kept = connection.fetch("SELECT event FROM live_changes ORDER BY event")
    assert [row["event"] for row in kept] == events
    assert len(connection.fetch("SELECT key FROM live_documents")) == documents
    store.close()
