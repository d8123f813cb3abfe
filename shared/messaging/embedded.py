"""A durable broker in Postgres. Publishing is one statement: outbox rows become deliveries, one per subscription, and the
rows that are tasks become tasks."""

import json
import logging
from dataclasses import asdict
from datetime import datetime

from pg8000.native import DatabaseError, InterfaceError

from shared.messaging.topics import SUBSCRIPTIONS
from shared.storage.connection import Connection

log = logging.getLogger(__name__)

WAKE_CHANNEL = "cloudrun_work"
"""Workers listen here for something to do."""


class EmbeddedBroker:
    def __init__(self) -> None:
        self._subscriptions = json.dumps(
            [asdict(subscription) | {"name": subscription.name} for subscription in SUBSCRIPTIONS]
        )

    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        try:
            connection.fetch(_PUBLISH, {"message_ids": ",".join(message_ids), "subscriptions": self._subscriptions})
        except (DatabaseError, InterfaceError, OSError):
            log.exception("%d messages stay in the outbox for the relay", len(message_ids))

    def relay(self, connection: Connection, limit: int, before: datetime) -> int:
        rows = connection.fetch(_LEFT_BEHIND, {"before": before, "limit": limit})
        message_ids = [row["message_id"] for row in rows]
        if message_ids:
            self.publish_outbox(connection, message_ids)
        return len(message_ids)


_PUBLISH = f"""
    WITH wanted AS (
        SELECT message_id, place
        FROM string_to_table(CAST(:message_ids AS text), ',') WITH ORDINALITY AS w(message_id, place)
    ), taken AS (
        DELETE FROM outbox USING wanted WHERE outbox.message_id = wanted.message_id
        RETURNING outbox.*, wanted.place
    ), delivered AS (
        INSERT INTO broker_deliveries (subscription, message_id, ordering_key, data, attributes, published_at, due_at)
        SELECT s.name, t.message_id, t.ordering_key, t.data, t.attributes, t.created_at, t.created_at
        FROM taken t JOIN jsonb_to_recordset(CAST(:subscriptions AS jsonb)) AS s(topic text, name text, types jsonb)
            USING (topic)
        WHERE coalesce(jsonb_typeof(s.types), 'null') = 'null' OR jsonb_exists(s.types, t.attributes ->> 'type')
        ORDER BY t.place
        ON CONFLICT DO NOTHING
    ), enqueued AS (
        INSERT INTO queue_tasks (name, queue, path, body, due_at, traceparent)
        SELECT t.attributes ->> 'name', t.attributes ->> 'queue', t.attributes ->> 'path', t.data,
               CAST(t.attributes ->> 'at' AS timestamptz), t.attributes ->> 'traceparent'
        FROM taken t WHERE t.topic = 'tasks'
        ON CONFLICT DO NOTHING
    )
    SELECT CAST(pg_notify('{WAKE_CHANNEL}', '') AS text) AS woken
"""

_LEFT_BEHIND = """
    SELECT message_id FROM outbox WHERE created_at < :before
    ORDER BY message_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
