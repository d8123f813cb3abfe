"""Connections to Postgres over pg8000, one round trip per statement.

SQLAlchemy stays with migrations and jobs: importing it costs a function half a second of cold start
(docs/decisions/0002-sql-text-on-the-request-path.md).
"""

import select
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pg8000.native
from pg8000.core import SYNC_MSG, Context, _flush, _write
from pg8000.native import DatabaseError, InterfaceError, PreparedStatement

Row = dict[str, Any]

UNIQUE_VIOLATION = "23505"
SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
"""SQLSTATEs after which the same transaction may simply be run again."""


def sqlstate(error: DatabaseError) -> str | None:
    """The five-letter SQLSTATE of a server error, None when the error did not come from the server."""
    fields = error.args[0] if error.args else None
    return cast("str | None", fields.get("C")) if isinstance(fields, dict) else None


class Connection(pg8000.native.Connection):  # type: ignore[misc]
    """A connection that keeps its prepared statements and counts its round trips.

    `first` and `last` of `fetch` let BEGIN and COMMIT travel in the same packet as the statement they frame
    (PostgreSQL protocol 3.0, 55.2.3 "Pipelining"): an error on the way skips all that follows it up to the Sync.
    """

    def __init__(self, url: str, settings: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        super().__init__(
            unquote(parts.username or "postgres"),
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5432,
            database=parts.path.lstrip("/") or "postgres",
            password=unquote(parts.password) if parts.password else None,
            application_name="cloudrun",
            timeout=30,
            startup_params=settings,
        )
        self.round_trips = 0
        self._prepared: dict[str, PreparedStatement] = {}

    def fetch(
        self,
        sql: str,
        params: dict[str, Any] | None = None,
        *,
        first: Sequence[str] = (),
        last: Sequence[str] = (),
    ) -> list[Row]:
        """Rows of one statement with `:named` parameters, framed by parameterless statements.

        Raises pg8000.DatabaseError with the server's fields; see `sqlstate`.
        """
        statement = self._statement(sql)
        frame_before = [self._statement(text) for text in first]
        frame_after = [self._statement(text) for text in last]
        for framing in frame_before:
            self._send(framing, {})
        self._send(statement, params or {})
        for framing in frame_after:
            self._send(framing, {})
        _write(self._sock, SYNC_MSG)
        _flush(self._sock)
        self.round_trips += 1
        context = Context(statement.statement, columns=statement.cols, input_funcs=statement.input_funcs)
        self.handle_messages(context)
        if not statement.cols:
            return []
        names = [column["name"] for column in statement.cols]
        return [dict(zip(names, row, strict=True)) for row in context.rows or ()]

    def command(self, sql: str) -> None:
        """One parameterless statement whose rows, if any, do not matter."""
        self.round_trips += 1
        self.execute_simple(sql)

    def wait_for_notification(self, timeout_s: float) -> bool:
        """Block until a channel this connection listens to was notified, or the time is over; True when it was.

        What was notified during earlier statements counts too: it came with their answers.
        """
        if not self.notifications and select.select([self._usock], [], [], timeout_s)[0]:
            self.execute_simple("SELECT 1")
        heard = bool(self.notifications)
        self.notifications.clear()
        return heard

    def _statement(self, sql: str) -> PreparedStatement:
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = self._prepared[sql] = PreparedStatement(self, sql)
        return prepared

    def _send(self, statement: PreparedStatement, params: dict[str, Any]) -> None:
        values = statement.make_vals(params)
        self.send_BIND(statement.name_bin, pg8000.core.make_params(self.py_types, values))
        self.send_EXECUTE()


class Pool:
    """Up to `size` connections with these session settings, the most recently used first; a thread waits when all are out.

    Raises InterfaceError from `acquire` when the server cannot be reached.
    """

    def __init__(self, url: str, size: int, settings: dict[str, str] | None = None) -> None:
        self._url = url
        self._settings = settings
        self._idle: deque[Connection] = deque()
        self._permits = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()

    def acquire(self) -> Connection:
        self._permits.acquire()
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return Connection(self._url, self._settings)
        except BaseException:
            self._permits.release()
            raise

    def release(self, connection: Connection, *, broken: bool = False) -> None:
        """Give a connection back outside any transaction, or drop it when it is `broken`: then the idle ones may be too."""
        if broken:
            close(connection)
            self.close()
        else:
            with self._lock:
                self._idle.append(connection)
        self._permits.release()

    def close(self) -> None:
        """Close the idle ones."""
        with self._lock:
            while self._idle:
                close(self._idle.pop())


def close(connection: Connection) -> None:
    """Close, also when the other end is gone already."""
    with suppress(InterfaceError, OSError):
        connection.close()
