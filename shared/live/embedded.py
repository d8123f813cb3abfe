"""The live store in Postgres: documents, a log of changes, and LISTEN/NOTIFY to wake the watchers.

Its connections do not wait for the disk (`synchronous_commit` off): it is a projection, restored from what is durable.
"""

import json
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any

from pg8000.native import DatabaseError

from shared.kernel.clock import rfc3339
from shared.live.feed import CHANNEL, Feed
from shared.live.protocol import Change, Document, NewChange
from shared.storage.connection import Pool, Row

SETTINGS = {"synchronous_commit": "off"}

APPEND_LOCK = 7_251_002
"""Writers append one after the other, so that ids become visible in their order and a reader never misses one."""


class EmbeddedLiveStore:
    def __init__(self, url: str, pool_size: int) -> None:
        self._url = url
        self._pool = Pool(url, pool_size, SETTINGS)
        self._feed: Feed | None = None
        self._lock = threading.Lock()

    def write(self, documents: Sequence[Document], changes: Sequence[NewChange]) -> None:
        self._fetch(_WRITE, {"documents": _json(documents), "changes": _json(changes)})

    def get(self, collection: str, key: str) -> Document | None:
        rows = self._fetch(_GET, {"collection": collection, "key": key})
        return Document(**rows[0]) if rows else None

    def forget(self, collection: str, key: str) -> None:
        self._fetch(_FORGET, {"collection": collection, "key": key})

    async def watch(self, topic: str, after: int | None) -> AsyncIterator[Change]:
        with self._lock:
            if self._feed is None:
                self._feed = Feed(self._url)
        return await self._feed.watch(topic, after)

    def close(self) -> None:
        """Let go of every connection."""
        if self._feed is not None:
            self._feed.close()
        self._pool.close()

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
_FORGET = "DELETE FROM live_documents WHERE collection = :collection AND key = :key"
