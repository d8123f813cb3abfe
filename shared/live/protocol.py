"""The port to the live store."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


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

    def get(self, collection: str, key: str) -> Document | None: ...

    def all_of(self, collection: str, region_id: str) -> list[Document]: ...

    def changes(self, topics: Sequence[str], after: int, limit: int) -> list[Change]:
        """What was told on these topics after an id, oldest first."""
        ...

    def watch(self, topics: Sequence[str], after: int | None) -> AsyncIterator[Change]:
        """Every change after an id (from now on when None), as it comes."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget changes told before a moment. Gives their number."""
        ...
