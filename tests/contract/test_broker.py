"""What every broker promises to the outbox. A new adapter is added to `ADAPTERS` with a way to see what it took."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.clock import SettableClock
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.protocol import Broker
from shared.storage import outbox
from shared.storage.connection import Connection, Pool, Row
from shared.storage.work import Work

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def embedded_deliveries(connection: Connection) -> list[Row]:
    return connection.fetch("SELECT subscription, ordering_key, data FROM broker_deliveries ORDER BY position")


def embedded_tasks(connection: Connection) -> list[Row]:
    return connection.fetch("SELECT name, path, body, due_at FROM queue_tasks ORDER BY name")


See = Callable[[Connection], list[Row]]
ADAPTERS: dict[str, tuple[Callable[[], Broker], See, See]] = {
    "embedded": (EmbeddedBroker, embedded_deliveries, embedded_tasks)
}


class Scene:
    def __init__(self, broker: Broker, url: str, connection: Connection, deliveries: See, tasks: See) -> None:
        self.broker = broker
        self.clock = SettableClock(NOON)
        self.pool = Pool(url, 2)
        self.connection = connection
        self._deliveries, self._tasks, self._made = deliveries, tasks, 0

    def work(self) -> Work:
        return Work(self.pool, self.clock, self._entropy, self.broker)

    def deliveries(self) -> list[Row]:
        return self._deliveries(self.connection)

    def tasks(self) -> list[Row]:
        return self._tasks(self.connection)

    def left(self) -> int:
        return int(self.connection.fetch("SELECT count(*) AS n FROM outbox")[0]["n"])

    def _entropy(self, size: int) -> bytes:
        self._made += 1
        return self._made.to_bytes(size, "big")


@pytest.fixture(params=ADAPTERS)
def scene(request: pytest.FixtureRequest, database: str, connection: Connection) -> Any:
    make, deliveries, tasks = ADAPTERS[request.param]
    opened = Scene(make(), database, connection, deliveries, tasks)
    yield opened
    opened.pool.close()


def event(number: int, type: str = "order_accepted") -> dict[str, Any]:
    return {"type": type, "n": number, "order_id": "ord_1", "region_id": "dfw"}


def test_a_message_goes_to_every_subscription_that_wants_its_type(scene: Scene) -> None:
    with scene.work() as work:
        outbox.put(work, outbox.ORDER_EVENTS, "ord_1", event(1))
        outbox.put(work, outbox.ORDER_EVENTS, "ord_1", event(2, "order_created"))
    told = sorted((row["subscription"], row["data"]["n"]) for row in scene.deliveries())
    assert told == [
        ("order_events.project_tracking", 1),
        ("order_events.project_tracking", 2),
        ("order_events.wake_dispatch", 1),
    ]
    assert scene.left() == 0


def test_messages_of_one_key_keep_their_order(scene: Scene) -> None:
    for start in (0, 10):
        with scene.work() as work:
            for number in range(start, start + 10):
                outbox.put(work, outbox.ORDER_EVENTS, "ord_1", event(number, "order_created"))
    assert [row["data"]["n"] for row in scene.deliveries()] == list(range(20))


def test_what_is_rolled_back_is_never_told(scene: Scene) -> None:
    def fail() -> None:
        with scene.work() as work:
            outbox.put(work, outbox.ORDER_EVENTS, "ord_1", event(1))
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError, match="the change failed"):
        fail()
    assert scene.deliveries() == []
    assert scene.left() == 0


def test_a_task_is_enqueued_once_per_name(scene: Scene) -> None:
    due = NOON + timedelta(seconds=30)
    for _ in range(3):
        with scene.work() as work:
            outbox.put_all(work, [outbox.task(work, "offers", "expire-1", "/internal/x", due, {"offer_id": "ofr_1"})])
    [task] = scene.tasks()
    assert (task["name"], task["path"], task["body"], task["due_at"]) == (
        "expire-1",
        "/internal/x",
        {"offer_id": "ofr_1"},
        due,
    )
    assert scene.left() == 0


def test_the_relay_publishes_what_a_crash_left_and_only_that(scene: Scene) -> None:
    with scene.work() as work:
        outbox.put(work, outbox.ORDER_EVENTS, "ord_1", event(1, "order_created"))
        work._message_ids.clear()  # the process died between its commit and its publishing
    assert (scene.left(), scene.deliveries()) == (1, [])
    assert scene.broker.relay(scene.connection, 10, NOON) == 0, "it may still be on its way"
    assert scene.broker.relay(scene.connection, 10, NOON + timedelta(seconds=1)) == 1
    assert [row["data"]["n"] for row in scene.deliveries()] == [1]
    assert scene.broker.relay(scene.connection, 10, NOON + timedelta(seconds=1)) == 0
