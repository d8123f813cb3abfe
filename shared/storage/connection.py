"""Connections to Postgres over pg8000, one round trip per statement.

SQLAlchemy stays with migrations and jobs: importing it costs a function half a second of cold start
(docs/decisions/0002-sql-text-on-the-request-path.md).
"""

import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Self, cast
from urllib.parse import unquote, urlsplit

import pg8000.native
from pg8000.converters import TIMESTAMPTZ, make_param, timestamptz_in
from pg8000.core import BIND, NULL_BYTE, SYNC_MSG, Context, H_pack, _flush, _write, i_pack, i_unpack
from pg8000.native import DatabaseError, InterfaceError, PreparedStatement

Row = dict[str, Any]
Statement = tuple[str, dict[str, Any]]
"""SQL with `:named` parameters, and their values."""

TEXT, BINARY = 0, 1
"""Format codes of the protocol."""

BYTEA = 17
UNIQUE_VIOLATION = "23505"
SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
"""SQLSTATEs after which the same transaction may simply be run again."""


def sqlstate(error: DatabaseError) -> str | None:
    """The five-letter SQLSTATE of a server error, None when the error did not come from the server."""
    fields = error.args[0] if error.args else None
    return cast("str | None", fields.get("C")) if isinstance(fields, dict) else None


class Connection(pg8000.native.Connection):  # type: ignore[misc]
    """A connection that keeps its prepared statements and counts its round trips.

    `first` and `last` of `fetch` let BEGIN, COMMIT and others travel in the same packet as the statement they frame
    (PostgreSQL protocol 3.0, 55.2.3 "Pipelining"): an error on the way skips all that follows it up to the Sync.

    `connected` is a socket to use instead of opening one to the URL's host.

    Parameters of type `bytes` travel in the binary format of whatever type the statement expects there, and columns of type
    bytea come back so: pg8000 alone would send either as hexadecimal text, twice as long.
    """

    def __init__(
        self, url: str, settings: dict[str, str] | None = None, connected: socket.socket | None = None
    ) -> None:
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
            sock=connected,
        )
        # Without this the end of a long statement waits 40 ms for the acknowledgement of its beginning (RFC 896).
        self._usock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.register_in_adapter(TIMESTAMPTZ, _moment)
        self.round_trips = 0
        self._prepared: dict[str, PreparedStatement] = {}

    def fetch(
        self,
        sql: str,
        params: dict[str, Any] | None = None,
        *,
        first: Sequence[Statement] = (),
        last: Sequence[Statement] = (),
    ) -> list[Row]:
        """Rows of one statement, framed by others that give no rows.

        Raises pg8000.DatabaseError with the server's fields; see `sqlstate`.
        """
        self._ask([[*first, (sql, params or {}), *last]])
        return self._answer(self._statement(sql))

    def pipeline(self, statements: Sequence[Statement], *, first: Sequence[Statement] = ()) -> "Pipeline":
        """Send statements at once, to read the rows of each while the server works on the next.

        `first` frames the first of them. What they send together must be small: the server may wait until its rows are read.
        """
        self._ask([[*(first if place == 0 else ()), statement] for place, statement in enumerate(statements)])
        return Pipeline(self, [self._due(sql) for sql, _ in statements])

    def prepare(self, sql: str) -> None:
        """Let the server read a statement that is to `follow` others."""
        self._statement(sql)

    def follow(self, statement: Statement) -> Callable[[], list[Row]]:
        """Send one more, prepared before, while answers are due. Gives what reads its rows, after those."""
        self._ask([[statement]])
        return self._due(statement[0])

    def command(self, sql: str) -> None:
        """One parameterless statement whose rows, if any, do not matter."""
        self.round_trips += 1
        self.execute_simple(sql)

    def wait_for_notification(self, timeout_s: float) -> bool:
        """Block until a channel this connection listens to was notified, or the time is over; True when it was.

        What was notified during earlier statements counts too: it came with their answers.
        """
        if not self.notifications and (self._holds_more() or select.select([self._usock], [], [], timeout_s)[0]):
            self.execute_simple("SELECT 1")
        heard = bool(self.notifications)
        self.notifications.clear()
        return heard

    def _holds_more(self) -> bool:
        """Whether more was read from the socket than was asked for: what came right behind an answer, `select` does not see."""
        timeout_s = self._usock.gettimeout()
        self._usock.setblocking(False)
        try:
            return bool(self._sock.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            self._usock.settimeout(timeout_s)

    def _ask(self, packets: Sequence[Sequence[Statement]]) -> None:
        """Send the statements of each packet, and after each packet the Sync up to which an error skips."""
        sent = [[(self._statement(sql), params) for sql, params in packet] for packet in packets]
        for packet in sent:
            for statement, params in packet:
                self._send(statement, params)
            _write(self._sock, SYNC_MSG)
        _flush(self._sock)
        self.round_trips += 1

    def _due(self, sql: str) -> Callable[[], list[Row]]:
        return partial(self._answer, self._statement(sql))

    def _answer(self, statement: PreparedStatement) -> list[Row]:
        """What the server says up to the next Sync: the rows of the one statement that may give some."""
        context = Context(statement.statement, columns=statement.cols, input_funcs=statement.input_funcs)
        self.handle_messages(context)
        if not statement.cols:
            return []
        names = [column["name"] for column in statement.cols]
        return [dict(zip(names, row, strict=True)) for row in context.rows or ()]

    def _statement(self, sql: str) -> PreparedStatement:
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = self._prepared[sql] = PreparedStatement(self, sql)
            readers = zip(prepared.cols or (), prepared.input_funcs, strict=True)
            prepared.input_funcs = [bytes if column["type_oid"] == BYTEA else read for column, read in readers]
        return prepared

    def _send(self, statement: PreparedStatement, params: dict[str, Any]) -> None:
        values = [
            value if isinstance(value, bytes) else make_param(self.py_types, value)
            for value in statement.make_vals(params)
        ]
        formats = [BINARY if isinstance(value, bytes) else TEXT for value in values]
        wanted = [BINARY if read is bytes else TEXT for read in statement.input_funcs]
        message = [NULL_BYTE, statement.name_bin, _shorts(formats), H_pack(len(values))]
        for value in values:
            if value is None:
                message.append(i_pack(-1))
            else:
                data = value if isinstance(value, bytes) else value.encode()
                message += [i_pack(len(data)), data]
        message.append(_shorts(wanted))
        self._send_message(BIND, b"".join(message))
        self.send_EXECUTE()

    def handle_DATA_ROW(self, data: bytes, context: Context) -> None:
        """As pg8000's, but for the columns that come in the binary format."""
        at = 2
        row: list[Any] = []
        for read in context.input_funcs:
            size = i_unpack(data, at)[0]
            at += 4
            if size == -1:
                row.append(None)
                continue
            value = data[at : at + size]
            row.append(value if read is bytes else read(value.decode()))
            at += size
        context.rows.append(row)


class Pipeline:
    """The answers to statements that were sent together. Leaving the block waits for those that nobody read."""

    def __init__(self, connection: Connection, due: Sequence[Callable[[], list[Row]]]) -> None:
        self._connection = connection
        self._due = deque(due)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        failures = self.drop()
        if failures and error is None:
            raise failures[0]

    def drop(self) -> list[DatabaseError]:
        """Wait for the answers that nobody read. Gives what failed."""
        failures: list[DatabaseError] = []
        while self._due:
            try:
                self.rows()
            except DatabaseError as failure:
                failures.append(failure)
        return failures

    def send(self, statement: Statement) -> None:
        """One more, prepared before, whose rows are read after those of the others."""
        self._due.append(self._connection.follow(statement))

    def rows(self) -> list[Row]:
        """Of the next statement. Raises DatabaseError, as every statement after one that failed."""
        return self._due.popleft()()


def _moment(text: str) -> datetime | str:
    """As pg8000's `timestamptz_in`, which takes fifty times as long for ordinary moments: an order has a dozen of them."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return cast("datetime | str", timestamptz_in(text))


def _shorts(numbers: Sequence[int]) -> bytes:
    """Their count and themselves, 16 bits each."""
    return b"".join(map(H_pack, (len(numbers), *numbers)))


class Pool:
    """Up to `size` connections with these session settings, the most recently used first; a thread waits when all are out.
    `dial` gives the sockets when the server is not to be reached at the URL's host.

    Raises InterfaceError from `acquire` when the server cannot be reached.
    """

    def __init__(
        self,
        url: str,
        size: int,
        settings: dict[str, str] | None = None,
        dial: Callable[[], socket.socket] | None = None,
    ) -> None:
        self._url = url
        self._settings = settings
        self._dial = dial
        self._idle: deque[Connection] = deque()
        self._permits = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()

    def acquire(self) -> Connection:
        self._permits.acquire()
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return Connection(self._url, self._settings, self._dial() if self._dial else None)
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
