"""Server-Sent Events over a real socket: what happens is told, and what was missed is told again."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.fixtures.http import Client, Json, taken
from tests.fixtures.world import NEXT_DOOR, World


@dataclass(frozen=True)
class Told:
    id: int
    event: str
    data: Json


@dataclass
class Listener:
    """One open stream."""

    lines: Iterator[str]

    def next(self) -> Told:
        fields: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
            elif line == "" and "data" in fields:
                return Told(int(fields["id"]), fields["event"], json.loads(fields["data"]))
        raise AssertionError("the stream ended")


@contextmanager
def listening(base_url: str, client: Client, path: str, last_id: int | None = None) -> Iterator[Listener]:
    headers = {"Authorization": f"Bearer {client.token}"}
    if last_id is not None:
        headers["Last-Event-ID"] = str(last_id)
    with (
        httpx.Client(timeout=20, trust_env=False) as http,
        http.stream("GET", base_url + path, headers=headers) as response,
    ):
        assert response.status_code == 200, response.read()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        lines = response.iter_lines()
        assert next(lines) == ": connected"
        yield Listener(lines)


def deliver_messages(world: World) -> None:
    """What the worker does: push every message to its consumer, in order."""
    sql = """SELECT subscription, message_id, data, attributes, ordering_key FROM broker_deliveries ORDER BY position"""
    for row in world.rows(sql):
        message = {"data": encoded(row["data"]), "messageId": row["message_id"], "attributes": row["attributes"]}
        consumer = row["subscription"].partition(".")[2]
        taken(world.platform.post(f"/internal/events/{consumer}", {"message": message, "subscription": consumer}))
        world.rows(
            "DELETE FROM broker_deliveries WHERE subscription = :s AND message_id = :m",
            s=row["subscription"],
            m=row["message_id"],
        )


def encoded(data: Json) -> str:
    return base64.b64encode(json.dumps(data).encode()).decode()


def test_a_customer_watches_the_order_and_the_driver(world: World, base_url: str) -> None:
    order = world.a_ready_order()
    deliver_messages(world)
    with listening(base_url, world.customer, f"/v1/orders/{order['id']}/stream") as stream:
        world.tick()
        driver = world.drivers[0]
        task = world.one("SELECT task_id FROM tasks")
        taken(driver.post(f"/v1/tasks/{task['task_id']}/accept", key="a"))
        deliver_messages(world)
        told = stream.next()
        assert (told.event, told.data["status"], told.data["driver_id"]) == ("order_status", "dispatched", driver.id)
        position = {**NEXT_DOOR, "lat": 32.7791, "at": world.api.clock.now.isoformat()}
        taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [position]}))
        moved = stream.next()
        assert (moved.event, moved.data["position"]["lat"]) == ("driver_position", 32.7791)
        assert moved.id > told.id


def test_a_driver_hears_of_an_offer_and_of_its_end(world: World, base_url: str) -> None:
    world.a_ready_order()
    deliver_messages(world)
    driver = world.drivers[0]
    with listening(base_url, driver, f"/v1/drivers/{driver.id}/stream") as stream:
        world.tick()
        deliver_messages(world)
        offer = stream.next()
        assert offer.event == "offer"
        world.api.clock.advance(seconds=31)
        taken(world.platform.post("/internal/dispatch/expire_offers"))
        deliver_messages(world)
        ended = stream.next()
        assert (ended.event, ended.data["status"]) == ("offer_ended", "expired")
        assert ended.data["offer_id"] == offer.data["offer_id"]


def test_whoever_comes_back_is_told_what_was_missed_and_nothing_twice(world: World, base_url: str) -> None:
    order = world.a_paid_order()
    deliver_messages(world)
    path = f"/v1/orders/{order['id']}/stream"
    with listening(base_url, world.customer, path) as stream:
        taken(world.act(order["id"], action="accept", prep_minutes=5))
        deliver_messages(world)
        seen = stream.next()
    taken(world.act(order["id"], action="preparing"))
    taken(world.act(order["id"], action="ready"))
    deliver_messages(world)
    with listening(base_url, world.customer, path, last_id=seen.id) as stream:
        assert [stream.next().data["status"] for _ in range(2)] == ["preparing", "ready"]
        taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "mistake"}))
        deliver_messages(world)
        assert stream.next().data["status"] == "cancelled"


def test_a_repeated_message_is_told_once(world: World, base_url: str) -> None:
    order = world.a_paid_order()
    deliver_messages(world)
    with listening(base_url, world.customer, f"/v1/orders/{order['id']}/stream") as stream:
        taken(world.act(order["id"], action="accept", prep_minutes=5))
        rows = world.rows(
            "SELECT message_id, data, attributes FROM broker_deliveries WHERE subscription LIKE '%tracking'"
        )
        for row in [*rows, *rows]:
            message = {"data": encoded(row["data"]), "messageId": row["message_id"], "attributes": row["attributes"]}
            taken(world.platform.post("/internal/events/project_tracking", {"message": message, "subscription": "s"}))
        taken(world.act(order["id"], action="preparing"))
        deliver_messages(world)
        assert [stream.next().data["status"] for _ in range(2)] == ["accepted", "preparing"]


@pytest.mark.parametrize("header", ["never", "-1", "1e3", "9" * 19])
def test_an_id_that_no_stream_gave_is_refused(world: World, base_url: str, header: str) -> None:
    order = world.an_order()
    headers = {"Authorization": f"Bearer {world.customer.token}", "Last-Event-ID": header}
    answer = httpx.get(f"{base_url}/v1/orders/{order['id']}/stream", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.Last-Event-ID")


def test_a_stranger_does_not_watch(world: World, base_url: str) -> None:
    order, stranger = world.an_order(), world.api.register("customer")
    headers = {"Authorization": f"Bearer {stranger.token}"}
    answer = httpx.get(f"{base_url}/v1/orders/{order['id']}/stream", headers=headers, trust_env=False)
    assert answer.status_code == 404
