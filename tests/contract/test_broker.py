"""What every broker promises to the outbox. A new adapter is added to `ADAPTERS` with a way to see what it took."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud.tasks_v2.types import Task

from infra.emulators import cloud_tasks
from infra.local.caller import Caller
from infra.local.google.declare import Topics, declare_queues
from infra.local.google.pushes import Pushes
from shared.kernel.clock import SettableClock
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.google import GoogleBroker
from shared.messaging.protocol import Broker
from shared.messaging.pubsub import PubSub
from shared.queueing.google import CloudTasks, open_client
from shared.storage import outbox
from shared.storage.connection import Connection, Pool, Row
from shared.storage.work import Work
from tests.fixtures.consumer import Consumer

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@dataclass
class Embedded:
    """Everything is in tables."""

    connection: Connection
    broker: Broker = field(default_factory=EmbeddedBroker)

    def deliveries(self) -> list[Row]:
        return self.connection.fetch("SELECT subscription, ordering_key, data FROM broker_deliveries ORDER BY position")

    def tasks(self) -> list[Row]:
        return self.connection.fetch("SELECT name, path, body, due_at FROM queue_tasks ORDER BY name")


class Google:
    """Google's Pub/Sub emulator, whose messages are pushed to a consumer, and ours of Cloud Tasks, whose clock stands at noon."""

    def __init__(self, folder: Path, emulator: str, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.consumer = Consumer()
        self._running = cloud_tasks.start(0, folder / "tasks.sqlite", NOON.timestamp)
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", emulator)
        monkeypatch.setenv("CLOUD_TASKS_EMULATOR_HOST", f"127.0.0.1:{self._running.port}")
        topics = Topics(emulator, project)
        topics.declare()
        self._pushes = Pushes(topics, Caller(self.consumer.url, self.consumer.url, lambda _: "token"))
        self._client, self._queue = open_client(), f"projects/{project}/locations/local/queues/offers"
        declare_queues(self._client, project, "local")
        tasks = CloudTasks(project, "local", {"/internal/x": "https://x.example"}, "tasks@market.example")
        publisher = PubSub(project, "local")
        self.broker: Broker = GoogleBroker(lambda: publisher, lambda: tasks)

    def deliveries(self) -> list[Row]:
        return [{"subscription": push.name, "data": push.data} for push in self.consumer.heard_all()]

    def tasks(self) -> list[Row]:
        full = {"parent": self._queue, "response_view": Task.View.FULL}
        return [
            {
                "name": task.name.rpartition("/")[2],
                "path": task.http_request.url.removeprefix("https://x.example"),
                "body": json.loads(task.http_request.body),
                "due_at": datetime.fromtimestamp(task.schedule_time.timestamp(), UTC),
            }
            for task in self._client.list_tasks(full)
        ]

    def close(self) -> None:
        self._running.stop(0.1)
        self._pushes.stop()
        self.consumer.close()


Request = pytest.FixtureRequest


def embedded(request: Request) -> Iterator[Embedded]:
    yield Embedded(request.getfixturevalue("connection"))


def google(request: Request) -> Iterator[Google]:
    wanted = ("tmp_path", "pubsub_emulator", "project", "monkeypatch")
    opened = Google(*(request.getfixturevalue(name) for name in wanted))
    yield opened
    opened.close()


ADAPTERS: dict[str, Callable[[Request], Iterator[Embedded | Google]]] = {"embedded": embedded, "google": google}


class Scene:
    def __init__(self, platform: Embedded | Google, url: str, connection: Connection) -> None:
        self.broker, self.deliveries, self.tasks = platform.broker, platform.deliveries, platform.tasks
        self.clock = SettableClock(NOON)
        self.pool = Pool(url, 2)
        self.connection = connection
        self._made = 0

    def work(self) -> Work:
        return Work(self.pool, self.clock, self._entropy, self.broker)

    def left(self) -> int:
        return int(self.connection.fetch("SELECT count(*) AS n FROM outbox")[0]["n"])

    def _entropy(self, size: int) -> bytes:
        self._made += 1
        return self._made.to_bytes(size, "big")


@pytest.fixture(params=ADAPTERS)
def scene(request: Request, database: str, connection: Connection) -> Iterator[Scene]:
    for platform in ADAPTERS[request.param](request):
        opened = Scene(platform, database, connection)
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
