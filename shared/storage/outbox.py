"""The outbox: messages that leave the system exactly when the change they tell of has been committed."""

import json
from datetime import datetime
from typing import Any

from shared.kernel.clock import rfc3339
from shared.storage.work import Work
from shared.telemetry import trace

ORDER_EVENTS = "order_events"
DRIVER_EVENTS = "driver_events"
MERCHANT_EVENTS = "merchant_events"
TOPICS = (ORDER_EVENTS, DRIVER_EVENTS, MERCHANT_EVENTS)

TASKS = "tasks"
"""Rows of this topic are Cloud Tasks to create; the others are messages to publish."""


def put(work: Work, topic: str, ordering_key: str, data: dict[str, Any]) -> None:
    """One message, published after the commit, in order per `ordering_key`; its `type` lets subscriptions filter."""
    put_all(work, [message(work, topic, ordering_key, data, {"type": data["type"]})])


def put_all(work: Work, messages: list[dict[str, Any]]) -> None:
    if messages:
        work.run(_PUT, messages=json.dumps(messages), now=work.now)


def message(
    work: Work, topic: str, ordering_key: str, data: dict[str, Any], attributes: dict[str, str]
) -> dict[str, Any]:
    """An outbox row for a statement that writes it beside its change; it is already booked for publishing, and
    takes the trace of its request along."""
    message_id = work.new_id("msg")
    work.will_publish(message_id)
    return {
        "message_id": message_id,
        "topic": topic,
        "ordering_key": ordering_key,
        "data": data,
        "attributes": attributes | trace.carried(),
    }


def task(work: Work, queue: str, name: str, path: str, at: datetime, body: dict[str, Any]) -> dict[str, Any]:
    """An outbox row that becomes a named task: an HTTP call of `path` with `body` at `at`, once per name."""
    return message(work, TASKS, name, body, {"queue": queue, "name": name, "path": path, "at": rfc3339(at)})


ROWS = """
    SELECT m.message_id, m.topic, m.ordering_key, m.data, m.attributes, CAST(:now AS timestamptz)
    FROM jsonb_to_recordset(CAST(:messages AS jsonb))
        AS m(message_id text, topic text, ordering_key text, data jsonb, attributes jsonb)
"""
"""What follows INSERT INTO outbox, alone or inside a larger statement."""

_PUT = f"INSERT INTO outbox (message_id, topic, ordering_key, data, attributes, created_at) {ROWS}"
