"""The port to the live store."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

DOCUMENTS_KEPT = timedelta(days=1)
"""After nothing was told of a thing for so long."""

CHANGES_KEPT = timedelta(hours=1)
PASSING_KEPT = timedelta(minutes=5)
PASSING = ("driver_position",)
"""Events whose next one says all that the last one did. They are most of what is told, and are told again every minute."""


@dataclass(frozen=True, slots=True)
class Document:
    """The latest state of something; the one with the later `at` stays."""

    collection: str
    key: str
    region_id: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class NewChange:
    """Something that watchers of a topic are told."""

    topic: str
    event: str
    data: dict[str, Any]
    at: datetime

    @property
    def expires_at(self) -> datetime:
        """When a watcher who comes back need not be told of it any more."""
        return self.at + (PASSING_KEPT if self.event in PASSING else CHANGES_KEPT)


@dataclass(frozen=True, slots=True)
class Change:
    """`id` grows: whoever has read up to an id never misses one that comes later."""

    id: int
    topic: str
    event: str
    data: dict[str, Any]
    at: datetime


class LiveStore(Protocol):
    def write(self, documents: Sequence[Document], changes: Sequence[NewChange]) -> None:
        """Store and tell, in one round trip."""
        ...

    def get(self, collection: str, key: str) -> Document | None:
        """The latest state of one thing, None when nothing was ever told of it."""
        ...

    def forget(self, collection: str, key: str) -> None:
        """Remove the latest state of one thing; its past changes go by themselves, within hours."""
        ...

    async def watch(self, topic: str, after: int | None) -> AsyncIterator[Change]:
        """Every change of a topic after an id (when None: after this call returns), as it comes, until it is closed."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...
