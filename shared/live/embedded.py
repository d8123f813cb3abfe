"""The live store in Postgres: documents, a log of changes, and LISTEN/NOTIFY to wake the watchers.

Its connections do not wait for the disk (`synchronous_commit` off): it is a projection that `rebuild_live` restores.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pg8000.native import DatabaseError, InterfaceError

from shared.kernel.clock import rfc3339
from shared.live.protocol import Change, Document, NewChange
from shared.storage.connection import Connection, Pool, Row, close

SETTINGS = {"synchronous_commit": "off"}

CHANNEL = "cloudrun_live"
BACKSTOP_S = 5.0
"""A watcher looks by itself this often, seconds, should a notification be lost with its connection."""

BATCH = 500
APPEND_LOCK = 7_251_002
"""Writers append one after the other, so that ids become visible in their order and a reader never misses one."""

RECONNECT_S = 0.5


class EmbeddedLiveStore:
    def __init__(self, url: str, pool_size: int) -> None:
        self._url = url
        self._pool = Pool(url, pool_size, SETTINGS)
        self._listener: _Listener | None = None
        self._lock = threading.Lock()

    def write(self, documents: Sequence[Document], changes: Sequence[NewChange]) -> None:
        self._fetch(_WRITE, {"documents": _json(documents), "changes": _json(changes)})

    def get(self, collection: str, key: str) -> Document | None:
        rows = self._fetch(_GET, {"collection": collection, "key": key})
        return Document(**rows[0]) if rows else None

    def all_of(self, collection: str, region_id: str) -> list[Document]:
        return [Document(**row) for row in self._fetch(_LIST, {"collection": collection, "region_id": region_id})]

    def changes(self, topics: Sequence[str], after: int, limit: int) -> list[Change]:
        rows = self._fetch(_CHANGES, {"topics": [*topics], "after": after, "limit": limit})
        return [Change(**row) for row in rows]

    async def watch(self, topics: Sequence[str], after: int | None) -> AsyncIterator[Change]:
        woken = asyncio.Event()
        listener = self._listening()
        loop = asyncio.get_running_loop()
        listener.add(loop, woken)
        try:
            read = await asyncio.to_thread(self._newest) if after is None else after
            while True:
                woken.clear()
                for change in await asyncio.to_thread(self.changes, topics, read, BATCH):
                    read = change.id
                    yield change
                try:
                    await asyncio.wait_for(woken.wait(), BACKSTOP_S)
                except TimeoutError:
                    continue
        finally:
            listener.remove(woken)

    def purge(self, before: datetime) -> int:
        return int(self._fetch(_PURGE, {"before": before})[0]["purged"])

    def _newest(self) -> int:
        return int(self._fetch("SELECT coalesce(max(id), 0) AS newest FROM live_changes", {})[0]["newest"])

    def _listening(self) -> "_Listener":
        with self._lock:
            if self._listener is None:
                self._listener = _Listener(self._url)
            return self._listener

    def _fetch(self, sql: str, params: dict[str, Any]) -> list[Row]:
        connection = self._pool.acquire()
        broken = True
        try:
            rows = connection.fetch(sql, params)
            broken = False
            return rows
        except DatabaseError:
            broken = False
            raise
        finally:
            self._pool.release(connection, broken=broken)


class _Listener:
    """One listening connection per process, shared by all watchers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._watchers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="live-listener", daemon=True).start()

    def add(self, loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
        with self._lock:
            self._watchers[woken] = loop

    def remove(self, woken: asyncio.Event) -> None:
        with self._lock:
            self._watchers.pop(woken, None)

    def _listen(self) -> None:
        while True:
            try:
                self._hear(Connection(self._url))
            except (InterfaceError, DatabaseError, OSError):
                threading.Event().wait(RECONNECT_S)

    def _hear(self, connection: Connection) -> None:
        try:
            connection.command(f"LISTEN {CHANNEL}")
            while True:
                connection.wait_for_notification(BACKSTOP_S)
                with self._lock:
                    watchers = [*self._watchers.items()]
                for woken, loop in watchers:
                    if not loop.is_closed():
                        loop.call_soon_threadsafe(woken.set)
        finally:
            close(connection)


def _json(items: Sequence[Document] | Sequence[NewChange]) -> str:
    return json.dumps([asdict(item) for item in items], default=rfc3339)


_WRITE = f"""
    WITH stored AS (
        INSERT INTO live_documents AS d (collection, key, region_id, body, at)
        SELECT n.collection, n.key, n.region_id, n.body, n.at
        FROM jsonb_to_recordset(CAST(:documents AS jsonb))
            AS n(collection text, key text, region_id text, body jsonb, at timestamptz)
        ON CONFLICT (collection, key) DO UPDATE
            SET region_id = EXCLUDED.region_id, body = EXCLUDED.body, at = EXCLUDED.at WHERE d.at <= EXCLUDED.at
    ), in_turn AS MATERIALIZED (
        SELECT CAST(pg_advisory_xact_lock({APPEND_LOCK}) AS text)
    ), appended AS (
        INSERT INTO live_changes (topic, event, data, at)
        SELECT n.topic, n.event, n.data, n.at
        FROM in_turn, jsonb_to_recordset(CAST(:changes AS jsonb)) AS n(topic text, event text, data jsonb, at timestamptz)
    )
    SELECT CAST(pg_notify('{CHANNEL}', '') AS text) AS woken
"""
_GET = "SELECT collection, key, region_id, body, at FROM live_documents WHERE collection = :collection AND key = :key"
_LIST = """
    SELECT collection, key, region_id, body, at FROM live_documents
    WHERE collection = :collection AND region_id = :region_id ORDER BY key
"""
_CHANGES = """
    SELECT id, topic, event, data, at FROM live_changes
    WHERE topic = ANY(CAST(:topics AS text[])) AND id > :after ORDER BY id LIMIT :limit
"""
_PURGE = "WITH gone AS (DELETE FROM live_changes WHERE at < :before RETURNING 1) SELECT count(*) AS purged FROM gone"
