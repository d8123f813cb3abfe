"""What the stand-in remembers: objects, events and idempotency keys, in one SQLite file, or in memory."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
MEMORY = ":memory:"
KEY_KEPT_S = 24 * 3_600
"""After that long Stripe has forgotten an idempotency key."""

_TABLES = """
    CREATE TABLE IF NOT EXISTS objects (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL,
        body TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS objects_of_account ON objects (kind, account, position);
    CREATE TABLE IF NOT EXISTS keys (
        account TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
        at REAL NOT NULL, PRIMARY KEY (account, key)
    );
    CREATE TABLE IF NOT EXISTS undelivered (id TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a key was first used for, and what was answered."""

    request: str
    status: int
    body: str


class Storage:
    """One request at a time: whoever changes anything does it inside `transaction`."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.executescript(_TABLES)
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def save(self, kind: str, account: str, body: Object) -> Object:
        """Add an object, or change the one with its id."""
        with self._lock:
            self._database.execute(
                "INSERT INTO objects (id, kind, account, body) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (body["id"], kind, account, json.dumps(body)),
            )
        return body

    def find(self, kind: str, account: str, identifier: str) -> Object | None:
        rows = self._read(
            "SELECT body FROM objects WHERE id = ? AND kind = ? AND account = ?", identifier, kind, account
        )
        return json.loads(rows[0][0]) if rows else None

    def newest(self, kind: str, account: str) -> Iterator[Object]:
        """All objects of a kind, the newest first."""
        rows = self._read(
            "SELECT body FROM objects WHERE kind = ? AND account = ? ORDER BY position DESC", kind, account
        )
        return (json.loads(row[0]) for row in rows)

    def key(self, account: str, key: str, now: float) -> Kept | None:
        rows = self._read(
            "SELECT request, status, body FROM keys WHERE account = ? AND key = ? AND at > ?",
            account,
            key,
            now - KEY_KEPT_S,
        )
        return Kept(*rows[0]) if rows else None

    def keep_key(self, account: str, key: str, kept: Kept, now: float) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?, ?)",
                (account, key, kept.request, kept.status, kept.body, now),
            )

    def announce(self, event: Object) -> None:
        """An event that has yet to be delivered."""
        self.save("event", event.get("account", ""), event)
        self._database.execute("INSERT INTO undelivered VALUES (?)", (event["id"],))

    def undelivered(self) -> list[Object]:
        """Events in the order in which they happened."""
        rows = self._read("SELECT o.body FROM undelivered u JOIN objects o USING (id) ORDER BY o.position")
        return [json.loads(row[0]) for row in rows]

    def delivered(self, event_id: str) -> None:
        with self._lock:
            self._database.execute("DELETE FROM undelivered WHERE id = ?", (event_id,))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()
