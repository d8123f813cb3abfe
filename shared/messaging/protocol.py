"""The port to the broker."""

from datetime import datetime
from typing import Protocol

from shared.storage.connection import Connection


class Broker(Protocol):
    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        """Publish these committed outbox rows, and create the tasks among them. Never raises: what fails is logged and
        stays in the outbox for `relay`."""
        ...

    def relay(self, connection: Connection, limit: int, before: datetime) -> int:
        """Publish up to `limit` outbox rows made before a moment: what a crash left behind. Gives their number."""
        ...
