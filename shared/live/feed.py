"""The log of changes as a process reads it: one listener for all watchers, one query per wake-up, however many watch."""

import asyncio
import threading
from collections.abc import AsyncIterator
from weakref import WeakSet

from pg8000.native import DatabaseError, InterfaceError

from shared.live.protocol import Change
from shared.live.watching import Watcher, follow
from shared.storage.connection import Connection, Row, close

CHANNEL = "cloudrun_live"
BACKSTOP_S = 5.0
"""The listener looks by itself this often, seconds, should a notification be lost with its connection."""

BATCH = 500
RECONNECT_S = 0.5
FIRST_ANSWER_S = 10.0


class Feed:
    """Follows the log from the moment it is made."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._newest = 0
        self._watchers: dict[str, WeakSet[Watcher]] = {}
        self._lock = threading.Lock()
        self._following = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live-feed", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop following; whoever still watches hears nothing more. Wakes its own listener."""
        self._closing.set()
        connection = Connection(self._url)
        connection.command(f"NOTIFY {CHANNEL}")
        close(connection)
        self._thread.join()

    async def watch(self, topic: str, after: int | None) -> AsyncIterator[Change]:
        """Raises TimeoutError when the log cannot be reached."""
        if not await asyncio.to_thread(self._following.wait, FIRST_ANSWER_S):
            raise TimeoutError("the log of changes does not answer")
        watcher = Watcher(topic, asyncio.get_running_loop())
        joined_at = self._join(watcher)
        watcher.behind = after is not None
        return follow(watcher, joined_at if after is None else after, self._read_missed, self._leave)

    def _join(self, watcher: Watcher) -> int:
        """From here on it is handed everything, for as long as somebody holds it. Gives the id up to which it is not."""
        with self._lock:
            self._watchers.setdefault(watcher.topic, WeakSet()).add(watcher)
            return self._newest

    def _leave(self, watcher: Watcher) -> None:
        with self._lock:
            self._watchers[watcher.topic].discard(watcher)
            if not self._watchers[watcher.topic]:
                del self._watchers[watcher.topic]

    def _follow(self) -> None:
        while not self._closing.is_set():
            try:
                connection = Connection(self._url)
            except (InterfaceError, DatabaseError, OSError):
                self._closing.wait(RECONNECT_S)
                continue
            try:
                self._hear(connection)
            except (InterfaceError, DatabaseError, OSError):
                self._closing.wait(RECONNECT_S)
            finally:
                close(connection)

    def _hear(self, connection: Connection) -> None:
        connection.command(f"LISTEN {CHANNEL}")
        if not self._following.is_set():
            self._newest = int(connection.fetch(_NEWEST)[0]["newest"])
            self._following.set()
        while not self._closing.is_set():
            while rows := connection.fetch(_SINCE, {"after": self._newest, "limit": BATCH}):
                self._hand_out([Change(**row) for row in rows])
            connection.wait_for_notification(BACKSTOP_S)

    def _hand_out(self, changes: list[Change]) -> None:
        """Under the lock, so that whoever joins is handed exactly what comes after the id it was given."""
        with self._lock:
            self._newest = changes[-1].id
            for topic in {change.topic for change in changes}:
                own = [change for change in changes if change.topic == topic]
                for watcher in self._watchers.get(topic, ()):
                    if not watcher.loop.is_closed():
                        watcher.loop.call_soon_threadsafe(watcher.hand, own)

    async def _read_missed(self, topic: str, after: int) -> list[Change]:
        return await asyncio.to_thread(self._missed, topic, after)

    def _missed(self, topic: str, after: int) -> list[Change]:
        connection = Connection(self._url)
        try:
            rows: list[Row] = connection.fetch(_MISSED, {"topic": topic, "after": after, "limit": BATCH})
        finally:
            close(connection)
        return [Change(**row) for row in rows]


_NEWEST = "SELECT coalesce(max(id), 0) AS newest FROM live_changes"
_SINCE = "SELECT id, topic, event, data, at FROM live_changes WHERE id > :after ORDER BY id LIMIT :limit"
_MISSED = """
    SELECT id, topic, event, data, at FROM live_changes WHERE topic = :topic AND id > :after ORDER BY id LIMIT :limit
"""
