"""The outbox on Google Cloud: messages to Pub/Sub, tasks to Cloud Tasks. A row leaves it when it was taken over there.

Neither client is loaded before the first row that needs it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from pg8000.native import DatabaseError, InterfaceError

from shared.messaging.protocol import Publisher
from shared.queueing.protocol import NamedTask, TaskQueue
from shared.storage.connection import Connection, Row
from shared.telemetry.trace import HEADER

log = logging.getLogger(__name__)


class GoogleBroker:
    def __init__(self, publisher: Callable[[], Publisher], tasks: Callable[[], TaskQueue]) -> None:
        self._publisher = publisher
        self._tasks = tasks

    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        try:
            self._hand_over(connection, connection.fetch(_READ, {"message_ids": message_ids}))
        except (DatabaseError, InterfaceError, OSError):
            log.exception("%d messages stay in the outbox for the relay", len(message_ids))

    def relay(self, connection: Connection, limit: int, before: datetime) -> int:
        return self._hand_over(connection, connection.fetch(_LEFT_BEHIND, {"before": before, "limit": limit}))

    def _hand_over(self, connection: Connection, rows: list[Row]) -> int:
        """Gives how many were taken over. A crash before they are deleted hands them over again."""
        topics: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if not row["is_task"]:
                topics[row["topic"]].append(row)
        taken = [message_id for topic, messages in topics.items() for message_id in self._publish(topic, messages)]
        taken += self._enqueue([row for row in rows if row["is_task"]])
        if taken:
            connection.fetch(_TAKEN, {"message_ids": taken})
        return len(taken)

    def _publish(self, topic: str, rows: list[Row]) -> list[str]:
        failure = self._publisher().publish(topic, rows)
        if failure is not None:
            log.error("%d messages of %s stay in the outbox for the relay: %s", len(rows), topic, failure)
            return []
        return [row["message_id"] for row in rows]

    def _enqueue(self, rows: list[Row]) -> list[str]:
        failures = self._tasks().create([_task(row) for row in rows]) if rows else []
        taken = []
        for row, failure in zip(rows, failures, strict=True):
            if failure is None:
                taken.append(row["message_id"])
            else:
                log.error("the task %s stays in the outbox for the relay: %s", row["attributes"]["name"], failure)
        return taken


def _task(row: Row) -> NamedTask:
    said = row["attributes"]
    at = datetime.fromisoformat(said["at"])
    return NamedTask(said["queue"], said["name"], said["path"], at, row["data"], said.get(HEADER))


_ROW = "message_id, topic, ordering_key, data, attributes, topic = 'tasks' AS is_task"
_READ = f"""
    SELECT {_ROW} FROM outbox JOIN unnest(CAST(:message_ids AS text[])) WITH ORDINALITY AS w(message_id, place)
        USING (message_id) ORDER BY place
"""
_LEFT_BEHIND = f"SELECT {_ROW} FROM outbox WHERE created_at < :before ORDER BY message_id LIMIT :limit"
_TAKEN = "DELETE FROM outbox WHERE message_id = ANY(CAST(:message_ids AS text[]))"
