"""The unit of work: the only door to the database for a request, an event handler or a tick.

One `Work` holds one connection for as long as it is open. The first statement opens a transaction, `checkpoint` and
leaving the block commit it, an exception rolls it back. Messages put in the outbox are published after each commit.
"""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from pg8000.native import DatabaseError, InterfaceError

from shared.kernel.clock import Clock
from shared.kernel.ids import Entropy, new_id
from shared.storage.connection import UNIQUE_VIOLATION, Connection, Pipeline, Pool, Row, Statement, sqlstate

T = TypeVar("T")

_BEGIN: Statement = ("BEGIN", {})
_COMMIT: Statement = ("COMMIT", {})
_SAVEPOINT: Statement = ("SAVEPOINT attempt", {})
_UNLOCK = "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$"


class Publisher(Protocol):
    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        """Hand these committed outbox rows to the broker and remove them; what fails stays for the relay."""
        ...


class Work:
    """A transaction with its clock, its source of ids, and the messages it will send.

    `now` is read once per transaction, so that everything one change writes bears the same time. A work that `reads_only`
    opens no transaction: each statement sees its own snapshot, which saves a read its COMMIT.
    """

    def __init__(self, pool: Pool, clock: Clock, entropy: Entropy, publisher: Publisher) -> None:
        self._pool = pool
        self._clock = clock
        self._entropy = entropy
        self._publisher = publisher
        self._connection: Connection | None = None
        self._open = False
        self._later: list[Statement] = []
        self._message_ids: list[str] = []
        self._now: datetime | None = None
        self._locked = False
        self._afterwards: list[Callable[[], None]] = []
        self.if_match: int | None = None
        self.reads_only = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.checkpoint()
                self._do_afterwards()
            else:
                self.rollback()
            if self._locked and self._connection is not None:
                self._connection.command(_UNLOCK)
        except BaseException:
            self._give_back(broken=True)
            raise
        self._give_back(broken=isinstance(error, InterfaceError | OSError))

    @property
    def now(self) -> datetime:
        if self._now is None:
            self._now = self._clock.now()
        return self._now

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._pool.acquire()
        return self._connection

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.now, self._entropy)

    def entropy(self, size: int) -> bytes:
        return self._entropy(size)

    def run(self, sql: str, **params: Any) -> list[Row]:
        """Rows of one statement inside the transaction, which it opens when none is open."""
        return self.connection.fetch(sql, params, first=() if self.reads_only else self._before())

    def pipeline(self, *statements: Statement) -> Pipeline:
        """Statements of the transaction sent at once: the rows of one are read while the server works on the next."""
        return self.connection.pipeline(statements, first=self._before())

    def attempt(
        self, first: Statement, second: str, params: Callable[[], dict[str, Any]], meanwhile: Callable[[], T]
    ) -> tuple[list[Row] | None, T]:
        """Rows of the first of two statements, or None where it broke a unique index: the transaction is then as before both.

        The parameters of the second, which gives no rows, are made and sent while the server is at the first; then
        `meanwhile` is done, and its result handed over.
        """
        self.connection.prepare(second)
        with self.pipeline(_SAVEPOINT, first) as answers:
            answers.send((second, params()))
            result = meanwhile()
            answers.rows()
            try:
                return answers.rows(), result
            except DatabaseError as error:
                if sqlstate(error) != UNIQUE_VIOLATION:
                    raise
                answers.drop()
        self.connection.command("ROLLBACK TO SAVEPOINT attempt")
        return None, result

    def run_later(self, sql: str, **params: Any) -> None:
        """A statement that gives no rows, sent in the packet of the next one or of the COMMIT. Its errors come up there."""
        self._later.append((sql, params))

    def one(self, sql: str, **params: Any) -> Row | None:
        """The only row, or None. Raises ValueError when there are more."""
        rows = self.run(sql, **params)
        if len(rows) > 1:
            raise ValueError("the statement was expected to give at most one row")
        return rows[0] if rows else None

    def look(self, sql: str, **params: Any) -> list[Row]:
        """Rows of one statement in a transaction of its own, before this work's transaction opens."""
        if self._open:
            raise RuntimeError("a transaction is open: use run")
        return self.connection.fetch(sql, params)

    def lock_until_finished(self) -> None:
        """Remember that this connection holds a session's advisory lock, to be dropped with `finish` or at the end."""
        self._locked = True

    def finish(self, sql: str, **params: Any) -> None:
        """The last checkpoint of a request: one more statement, COMMIT and the release of locks in one packet."""
        self._commit(sql, params, after=(_COMMIT, (_UNLOCK, {})) if self._locked else (_COMMIT,))
        self._locked = False
        self._publish()

    def will_publish(self, message_id: str) -> None:
        """Publish this outbox row as soon as the transaction has committed."""
        self._message_ids.append(message_id)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once everything else, with the answer, is committed: what a crash before it leaves must be found again."""
        self._afterwards.append(act)

    def checkpoint(self) -> None:
        """Commit what was done so far, then publish its messages. The next `run` opens a new transaction."""
        if self._later:
            sql, params = self._later.pop()
            self._commit(sql, params, after=(_COMMIT,))
        elif self._open:
            self.connection.command("COMMIT")
        self._open = False
        self._publish()

    def _do_afterwards(self) -> None:
        while self._afterwards:
            self._afterwards.pop(0)()
            self.checkpoint()

    def _commit(self, sql: str, params: dict[str, Any], after: tuple[Statement, ...]) -> None:
        self.connection.fetch(sql, params, first=self._before(), last=after)
        self._open = False

    def _before(self) -> list[Statement]:
        """What goes ahead of the next statement: BEGIN when no transaction is open, and what was left for later."""
        before = [*([] if self._open else [_BEGIN]), *self._later]
        self._open, self._later = True, []
        return before

    def _publish(self) -> None:
        self._now = None
        if self._message_ids:
            message_ids, self._message_ids = self._message_ids, []
            self._publisher.publish_outbox(self.connection, message_ids)

    def rollback(self) -> None:
        if self._open and self._connection is not None:
            try:
                self._connection.command("ROLLBACK")
            except (DatabaseError, InterfaceError, OSError):
                self._give_back(broken=True)
        self._open = False
        self._now = None
        self._later = []
        self._message_ids = []

    def _give_back(self, *, broken: bool) -> None:
        if self._connection is not None:
            self._pool.release(self._connection, broken=broken)
            self._connection = None


WorkFactory = Callable[[], Work]
