"""What a witness has cosigned, in one SQLite file: the only thing that it must never forget."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from shared.dossier.witness import Head


class Memory:
    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS heads (origin TEXT PRIMARY KEY, size INTEGER, root BLOB)")

    def advance(self, origin: str, judge: Callable[[dict[str, Head]], Head]) -> Head:
        """Replace what was seen of a log by what `judge` makes of it, and by nothing when that raises; one at a time."""
        with self._lock:
            row = self._database.execute("SELECT size, root FROM heads WHERE origin = ?", (origin,)).fetchone()
            head = judge({origin: Head(*row)} if row else {})
            self._database.execute(
                "INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root",
                (origin, head.size, head.root),
            )
            return head

    def close(self) -> None:
        self._database.close()
