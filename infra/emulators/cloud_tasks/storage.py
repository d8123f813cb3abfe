"""Queues and tasks in one SQLite file: write-ahead log, each commit on disk before it returns, one process at a time.

Sources: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html#pragma_synchronous and #pragma_locking_mode.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from google.cloud.tasks_v2.types import Queue, Task

SCHEMA = """
CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, due REAL NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS tasks_due ON tasks (queue, due);
CREATE TABLE IF NOT EXISTS ended_tasks (name TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS ended_tasks_at ON ended_tasks (at);
CREATE TABLE IF NOT EXISTS ended_queues (name TEXT PRIMARY KEY, at REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A task with its number, which no other task ever has: names come back, numbers do not."""

    number: int
    queue: str
    task: Task


class Storage:
    """The file. Every method but `close` is called inside `transaction`."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=1.0)
        try:
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}").fetchall()
            self._db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file; what was committed is in it."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when the block ends, and one thread at a time. Not to be nested."""
        with self._lock:
            self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def queue(self, name: str) -> Queue | None:
        """A queue by its full name."""
        row = self._db.execute("SELECT data FROM queues WHERE name = ?", (name,)).fetchone()
        return Queue.deserialize(row[0]) if row else None

    def queues(self, prefix: str = "", after: str = "", limit: int = -1) -> list[Queue]:
        """Queues whose names start with the prefix, by name."""
        rows = self._db.execute(
            "SELECT data FROM queues WHERE substr(name, 1, ?) = ? AND name > ? ORDER BY name LIMIT ?",
            (len(prefix), prefix, after, limit),
        )
        return [Queue.deserialize(data) for (data,) in rows.fetchall()]

    def put_queue(self, queue: Queue) -> None:
        """Write a queue, new or known."""
        self._db.execute("REPLACE INTO queues (name, data) VALUES (?, ?)", (queue.name, Queue.serialize(queue)))

    def end_queue(self, name: str, now: float) -> None:
        """Delete a queue and its tasks; all their names stay known."""
        self.end_tasks_of(name, now)
        self._db.execute("DELETE FROM queues WHERE name = ?", (name,))
        self._db.execute("REPLACE INTO ended_queues (name, at) VALUES (?, ?)", (name, now))

    def queue_ended_at(self, name: str) -> float | None:
        """When a queue of this name was last deleted."""
        row = self._db.execute("SELECT at FROM ended_queues WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else None

    def task(self, name: str) -> Row | None:
        """A live task by its full name."""
        return self._row("SELECT number, queue, data FROM tasks WHERE name = ?", name)

    def task_numbered(self, number: int) -> Row | None:
        """A live task by its number."""
        return self._row("SELECT number, queue, data FROM tasks WHERE number = ?", number)

    def tasks(self, queue: str, after: int, limit: int) -> list[Row]:
        """A queue's live tasks in the order of their creation."""
        rows = self._db.execute(
            "SELECT number, queue, data FROM tasks WHERE queue = ? AND number > ? ORDER BY number LIMIT ?",
            (queue, after, limit),
        )
        return [Row(number, queue, Task.deserialize(data)) for number, queue, data in rows.fetchall()]

    def due(self, queue: str, now: float, limit: int) -> list[Row]:
        """The tasks whose time has come, the longest due first."""
        rows = self._db.execute(
            "SELECT number, queue, data FROM tasks WHERE queue = ? AND due <= ? ORDER BY due, number LIMIT ?",
            (queue, now, limit),
        )
        return [Row(number, queue, Task.deserialize(data)) for number, queue, data in rows.fetchall()]

    def add_task(self, queue: str, task: Task) -> None:
        """Write a new task."""
        self._db.execute(
            "INSERT INTO tasks (name, queue, due, data) VALUES (?, ?, ?, ?)",
            (task.name, queue, task.schedule_time.timestamp(), Task.serialize(task)),
        )

    def put_task(self, row: Row) -> None:
        """Write what has changed about a task."""
        self._db.execute(
            "UPDATE tasks SET due = ?, data = ? WHERE number = ?",
            (row.task.schedule_time.timestamp(), Task.serialize(row.task), row.number),
        )

    def end_task(self, row: Row, now: float) -> None:
        """Delete a task; its name stays known."""
        self._db.execute("DELETE FROM tasks WHERE number = ?", (row.number,))
        self._db.execute("REPLACE INTO ended_tasks (name, at) VALUES (?, ?)", (row.task.name, now))

    def end_tasks_of(self, queue: str, now: float) -> None:
        """Delete all tasks of a queue; their names stay known."""
        self._db.execute(
            "REPLACE INTO ended_tasks (name, at) SELECT name, ? FROM tasks WHERE queue = ?",
            (now, queue),
        )
        self._db.execute("DELETE FROM tasks WHERE queue = ?", (queue,))

    def task_has_ended(self, name: str, since: float) -> bool:
        """Whether a task of this name ended later than that."""
        return bool(self._db.execute("SELECT 1 FROM ended_tasks WHERE name = ? AND at > ?", (name, since)).fetchone())

    def forget_tasks(self, until: float) -> None:
        """Free the names of tasks that ended no later than that."""
        self._db.execute("DELETE FROM ended_tasks WHERE at <= ?", (until,))

    def _row(self, query: str, key: str | int) -> Row | None:
        row = self._db.execute(query, (key,)).fetchone()
        return Row(row[0], row[1], Task.deserialize(row[2])) if row else None
