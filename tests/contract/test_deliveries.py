"""What every broker promises to a consumer: order per key, again after a failure, dead letters, and nothing lost or doubled."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from infra.local.caller import Caller
from infra.local.clock import set_clock
from infra.local.google.declare import Retries, Topics
from infra.local.google.pushes import Pushes
from shared.kernel.clock import SystemClock
from shared.live import projection
from shared.live.embedded import EmbeddedLiveStore
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.google import GoogleBroker
from shared.messaging.protocol import Broker
from shared.messaging.pubsub import PubSub
from shared.messaging.push import PushedMessage
from shared.storage import outbox
from shared.storage.connection import Connection, Pool
from shared.storage.work import Work
from tests.fixtures.consumer import Consumer

Request = pytest.FixtureRequest
ROOT = Path(__file__).resolve().parents[2]

TRACKING = "project_tracking"
CLOCK_SPEED = 50.0
"""The embedded broker waits by the product's clock, the emulator by the wall's: both wait briefly here."""


class Platform(Protocol):
    broker: Broker
    attempts: int
    """After so many a message is a dead letter."""

    def dead_letters(self) -> list[Any]: ...


class Embedded:
    """The worker of one machine as its own process, on a fast clock."""

    attempts = 10

    def __init__(self, folder: Path, url: str, connection: Connection, consumer: Consumer) -> None:
        self.broker: Broker = EmbeddedBroker()
        self._connection = connection
        set_clock(folder / "clock.json", datetime.now(UTC), CLOCK_SPEED)
        settings = {"DATABASE_URL": url, "INTERNAL_TOKEN": "token", "CLOCK_FILE": str(folder / "clock.json")}
        command = [sys.executable, "-m", "infra.local.worker", consumer.url, consumer.url]
        self._worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)

    def dead_letters(self) -> list[Any]:
        rows = self._connection.fetch("SELECT data FROM broker_deliveries WHERE dead")
        return [row["data"] for row in rows]

    def close(self) -> None:
        self._worker.kill()
        self._worker.wait()


class Google:
    """Google's emulator, with what stands between it and the functions."""

    attempts = 5

    def __init__(self, emulator: str, project: str, monkeypatch: pytest.MonkeyPatch, consumer: Consumer) -> None:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", emulator)
        self._topics = Topics(emulator, project)
        soon = timedelta(milliseconds=20)
        retries = Retries(self.attempts, soon, soon)
        caller = Caller(consumer.url, consumer.url, lambda _: "token")
        self._topics.declare(retries)
        self._pushes = Pushes(self._topics, caller, retries)
        publisher = PubSub(project, "local")

        def no_tasks() -> Any:
            raise AssertionError("no task is made here")

        self.broker: Broker = GoogleBroker(lambda: publisher, no_tasks)

    def dead_letters(self) -> list[Any]:
        return self._topics.dead_letters(10)

    def close(self) -> None:
        self._pushes.stop()


def embedded(request: Request, consumer: Consumer) -> Iterator[Platform]:
    wanted = ("tmp_path", "database", "connection")
    opened = Embedded(*(request.getfixturevalue(name) for name in wanted), consumer)
    yield opened
    opened.close()


def google(request: Request, consumer: Consumer) -> Iterator[Platform]:
    opened = Google(*(request.getfixturevalue(n) for n in ("pubsub_emulator", "project", "monkeypatch")), consumer)
    yield opened
    opened.close()


ADAPTERS: dict[str, Callable[[Request, Consumer], Iterator[Platform]]] = {"embedded": embedded, "google": google}


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    opened = Consumer(only=TRACKING)
    yield opened
    opened.close()


@pytest.fixture(params=ADAPTERS)
def platform(request: Request, consumer: Consumer) -> Iterator[Platform]:
    yield from ADAPTERS[request.param](request, consumer)


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    opened = Pool(database, 4)
    yield opened
    opened.close()


@pytest.fixture
def publish(platform: Platform, pool: Pool) -> Callable[..., None]:
    """Commit events of one order, which are then published."""

    def commit(key: str, *numbers: int) -> None:
        with Work(pool, SystemClock(), os.urandom, platform.broker) as work:
            for number in numbers:
                outbox.put(work, outbox.ORDER_EVENTS, key, {"type": "order_created", "key": key, "n": number})

    return commit


def numbers(consumer: Consumer, key: str = "a", status: int = 204) -> list[int]:
    """Of one key, in the order in which they came and were answered so."""
    return [one.data["n"] for one in consumer.heard if one.data["key"] == key and one.answered == status]


def test_messages_of_a_key_come_in_order_and_keys_do_not_wait_for_each_other(
    consumer: Consumer, publish: Callable[..., None]
) -> None:
    consumer.answer = lambda message: 500 if message.body()["key"] == "stuck" else 204
    publish("stuck", 0)
    for number in range(0, 20, 2):
        publish("a", number, number + 1)
        publish("b", number)
    consumer.until(lambda _: len(numbers(consumer, "a")) == 20 and len(numbers(consumer, "b")) == 10)
    assert numbers(consumer, "a") == list(range(20))
    assert numbers(consumer, "b") == list(range(0, 20, 2))
    assert numbers(consumer, "stuck") == []


def test_what_was_answered_with_500_comes_again_and_what_follows_it_waits(
    consumer: Consumer, publish: Callable[..., None]
) -> None:
    failures = iter((500, 503, 429))
    consumer.answer = lambda message: next(failures, 204) if message.body()["n"] == 0 else 204
    publish("a", 0, 1, 2)
    consumer.until(lambda _: len(numbers(consumer)) == 3)
    assert [one.data["n"] for one in consumer.heard] == [0, 0, 0, 0, 1, 2]


def test_after_so_many_attempts_a_message_is_a_dead_letter_and_the_next_ones_go_on(
    platform: Platform, consumer: Consumer, publish: Callable[..., None]
) -> None:
    consumer.answer = lambda message: 500 if message.body()["n"] == 0 else 204
    publish("a", 0, 1)
    consumer.until(lambda _: numbers(consumer) == [1])
    assert numbers(consumer, status=500) == [0] * platform.attempts
    dead = platform.dead_letters()
    assert [letter["n"] for letter in dead] == [0]


def test_a_message_that_is_delivered_twice_has_its_effect_once(
    consumer: Consumer, platform: Platform, pool: Pool, database: str, connection: Connection
) -> None:
    """The consumer dies after its commit and before its answer, each time once."""
    live = EmbeddedLiveStore(database, 2)
    deaths: set[str] = set()

    def consume(message: PushedMessage) -> int:
        with Work(pool, SystemClock(), os.urandom, platform.broker) as work:
            projection.project(work, live, message.id, message.body())
        if message.id in deaths:
            return 204
        deaths.add(message.id)
        return 500

    consumer.answer = consume
    for seq in range(1, 6):
        with Work(pool, SystemClock(), os.urandom, platform.broker) as work:
            outbox.put(work, outbox.ORDER_EVENTS, "ord_1", order_event(seq))
    consumer.until(lambda heard: sum(one.answered == 204 for one in heard) == 5)
    told = connection.fetch(
        "SELECT CAST(data ->> 'seq' AS integer) AS seq FROM live_changes WHERE topic = 'order:ord_1' ORDER BY id"
    )
    assert [row["seq"] for row in told] == [1, 2, 3, 4, 5]
    assert len(deaths) == 5
    live.close()


def test_what_is_published_twice_is_known_by_its_sender_s_own_id(
    consumer: Consumer, platform: Platform, pool: Pool
) -> None:
    """A process dies between handing over and deleting its row: the relay hands it over again."""
    ids: list[str] = []

    def remember(message: PushedMessage) -> int:
        ids.append(message.id)
        return 204

    consumer.answer = remember
    with Work(pool, SystemClock(), os.urandom, platform.broker) as work:
        outbox.put(work, outbox.ORDER_EVENTS, "a", {"type": "order_created", "key": "a", "n": 1})
        kept = work.run("SELECT * FROM outbox")[0]
    consumer.until(lambda heard: len(heard) == 1)
    with Work(pool, SystemClock(), os.urandom, platform.broker) as work:
        work.run(_PUT_BACK, **kept)
        work.will_publish(kept["message_id"])
    consumer.until(lambda heard: len(heard) == 2)
    assert ids == [kept["message_id"]] * 2


_PUT_BACK = """
    INSERT INTO outbox (message_id, topic, ordering_key, data, attributes, created_at)
    VALUES (:message_id, :topic, :ordering_key, CAST(:data AS jsonb), CAST(:attributes AS jsonb), :created_at)
"""


def order_event(seq: int) -> dict[str, Any]:
    ids = {"order_id": "ord_1", "merchant_id": "mer_1", "driver_id": None, "store_id": "sto_1", "region_id": "dfw"}
    return {**ids, "type": "order_created", "status": "created", "seq": seq, "at": f"2100-11-20T18:00:0{seq}.000Z"}
