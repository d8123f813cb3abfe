"""One who watches a topic of the log: what it was handed waits here until it is read, in the event loop's own thread.

A watcher that asks for the past, or that falls too far behind, reads it from the log; everything else is handed to it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from shared.live.protocol import Change

BACKLOG = 2_000
"""Changes held for a slow watcher; beyond that it reads the log again from where it stood."""

Missed = Callable[[str, int], Awaitable[list[Change]]]
"""Changes of a topic after an id, in order, some at a time; none when there are no more."""


@dataclass(eq=False)
class Watcher:
    topic: str
    loop: asyncio.AbstractEventLoop
    waiting: deque[Change] = field(default_factory=deque)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = False

    def hand(self, changes: list[Change]) -> None:
        if self.behind or len(self.waiting) + len(changes) > BACKLOG:
            self.behind = True
            self.waiting.clear()
        else:
            self.waiting.extend(changes)
        self.woken.set()


async def follow(
    watcher: Watcher, read: int, missed: Missed, leave: Callable[[Watcher], None]
) -> AsyncIterator[Change]:
    """Everything after the id `read`, each once and in order, until it is closed; then the watcher leaves."""
    try:
        while True:
            while watcher.behind:
                watcher.behind = False
                while late := await missed(watcher.topic, read):
                    for change in late:
                        read = change.id
                        yield change
            while watcher.waiting:
                change = watcher.waiting.popleft()
                if change.id > read:
                    read = change.id
                    yield change
            if not watcher.behind:
                watcher.woken.clear()
                await watcher.woken.wait()
    finally:
        leave(watcher)
