"""The port to the queue of named tasks. A name is used once; sequential names make Cloud Tasks slow, so a hash goes in front."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class NamedTask:
    """An HTTP call of `path` with `body` at `at`, once per name."""

    queue: str
    name: str
    path: str
    at: datetime
    body: Any
    traceparent: str | None


class TaskQueue(Protocol):
    def create(self, tasks: Sequence[NamedTask]) -> list[Exception | None]:
        """Of each task, why it could not be created; None when it is there, or was."""
        ...


def task_name(*parts: str) -> str:
    """The same parts give the same name: asking for the same task twice adds nothing."""
    readable = "-".join(part.replace("_", "-") for part in parts)
    return f"{hashlib.sha256(readable.encode()).hexdigest()[:8]}-{readable}"
