"""The trace of a request is found again in its events and its tasks."""

import base64
import json

from tests.fixtures.http import taken
from tests.fixtures.world import World

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01"


def test_an_event_carries_the_trace_of_the_request_that_caused_it(world: World) -> None:
    order, _, _ = world.a_dispatched_order()
    path = f"/v1/orders/{order['id']}/cancel"
    taken(world.customer.call("POST", path, body={"reason": "changed_mind"}, headers={"traceparent": TRACEPARENT}))
    told = world.rows(
        "SELECT attributes ->> 'traceparent' AS trace FROM broker_deliveries WHERE data ->> 'type' LIKE '%cancelled%'"
    )
    assert {row["trace"] for row in told} == {TRACEPARENT}


def test_a_task_carries_the_trace_of_the_message_that_caused_it(world: World) -> None:
    order = world.a_ready_order()
    event = {"type": "goods_ready", "order_id": order["id"], "region_id": "dfw"}
    message = {
        "data": base64.b64encode(json.dumps(event).encode()).decode(),
        "messageId": "msg_1",
        "attributes": {"type": "goods_ready", "traceparent": OTHER},
    }
    taken(world.platform.post("/internal/events/wake_dispatch", {"message": message, "subscription": "s"}))
    enqueued = world.rows("SELECT path, traceparent FROM queue_tasks")
    assert {(row["path"].partition("?")[0], row["traceparent"]) for row in enqueued} == {
        ("/internal/dispatch/tick", OTHER),
        ("/internal/dispatch/batch", OTHER),
    }
