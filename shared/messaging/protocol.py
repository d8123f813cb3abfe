"""The port to the broker."""

from datetime import datetime
from typing import Protocol

from shared.storage.connection import Connection, Row


class Broker(Protocol):
    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        """Publish these committed outbox rows, and create the tasks among them. Never raises: what fails is logged and
        stays in the outbox for `relay`."""
        ...

    def relay(self, connection: Connection, limit: int, before: datetime) -> int:
        """Publish up to `limit` outbox rows made before a moment: what a crash left behind. Gives how many were."""
        ...


class Publisher(Protocol):
    def publish(self, topic: str, rows: list[Row]) -> Exception | None:
        """Publish outbox rows of one topic, in order per key: all, or none for the reason that it gives."""
        ...
