"""Applicants and workflow runs, in one SQLite file. What an applicant is deleted with is gone from it, as at Onfido."""

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SCRIPT = {"Declined": "declined", "Review": "review", "Abandoned": "abandoned", "Error": "error"}
"""What a surname makes of a run; any other is approved from the workflow's `minimum_age` on."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS applicants (id TEXT PRIMARY KEY, deleted INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS runs (
        id TEXT PRIMARY KEY, applicant_id TEXT NOT NULL, tag TEXT, status TEXT NOT NULL, content TEXT NOT NULL,
        created REAL NOT NULL, told INTEGER NOT NULL DEFAULT 0
    );
"""


class Gone(Exception):
    """Deleted: 410."""


class Unknown(Exception):
    """Never was: 404."""


class Records:
    """Safe for threads. `:memory:` keeps nothing; `clock` gives seconds since 1970."""

    def __init__(self, file: Path | str, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.executescript(_SCHEMA)

    def add_applicant(self, told: Json, created_at: str | None = None) -> Json:
        """Now, or at an RFC 3339 time."""
        applicant = {"id": str(uuid.uuid4()), "created_at": created_at or self._now(), "sandbox": True}
        applicant |= {name: told[name] for name in ("first_name", "last_name", "dob", "location") if name in told}
        self._run("INSERT INTO applicants (id, content) VALUES (?, ?)", applicant["id"], json.dumps(applicant))
        return applicant

    def applicant(self, applicant_id: str) -> Json:
        """Raises Unknown or Gone."""
        rows = self._run("SELECT deleted, content FROM applicants WHERE id = ?", applicant_id)
        if not rows:
            raise Unknown
        if rows[0][0]:
            raise Gone
        return dict(json.loads(rows[0][1]))

    def applicants(self) -> list[Json]:
        """Those who are not deleted, the oldest first."""
        return [
            json.loads(row[0]) for row in self._run("SELECT content FROM applicants WHERE NOT deleted ORDER BY rowid")
        ]

    def deleted(self) -> set[str]:
        """The ids of those who were."""
        return {row[0] for row in self._run("SELECT id FROM applicants WHERE deleted")}

    def delete_applicant(self, applicant_id: str) -> None:
        """With everything that was found out about it. Raises Unknown or Gone."""
        self.applicant(applicant_id)
        self._run("UPDATE applicants SET deleted = 1, content = '{}' WHERE id = ?", applicant_id)
        self._run("DELETE FROM runs WHERE applicant_id = ?", applicant_id)

    def add_run(self, told: Json) -> Json:
        """Raises Unknown or Gone for its applicant."""
        self.applicant(told["applicant_id"])
        run = {
            **{name: told.get(name) for name in ("applicant_id", "workflow_id", "tags", "custom_data")},
            "id": str(uuid.uuid4()),
            "workflow_version_id": 1,
            "created_at": self._now(),
            "sdk_token": uuid.uuid4().hex,
        }
        tag = (run["tags"] or [None])[0]
        self._run(
            "INSERT INTO runs (id, applicant_id, tag, status, content, created) VALUES (?, ?, ?, 'awaiting_input', ?, ?)",
            run["id"], run["applicant_id"], tag, json.dumps(run), self.clock(),
        )  # fmt: skip
        return self.run(run["id"])

    def run(self, run_id: str) -> Json:
        """Raises Unknown."""
        found = self._runs("WHERE id = ?", run_id)
        if not found:
            raise Unknown
        return found[0]

    def runs_tagged(self, tag: str) -> list[Json]:
        """The newest first."""
        return self._runs("WHERE tag = ? ORDER BY rowid DESC", tag)

    def decide(self, run_id: str, status: str | None = None) -> Json:
        """End a run, as its applicant's surname and age have it when no status is given. Raises Unknown, Gone."""
        run = self.run(run_id)
        decided = status or _verdict(self.applicant(run["applicant_id"]), run)
        self._run("UPDATE runs SET status = ? WHERE id = ?", decided, run_id)
        return self.run(run_id)

    def undecided(self, created_before: float) -> list[Json]:
        return self._runs("WHERE status = 'awaiting_input' AND created < ?", created_before)

    def untold(self) -> list[Json]:
        """Ended runs of which no webhook has been taken yet."""
        return self._runs("WHERE status <> 'awaiting_input' AND NOT told")

    def told(self, run_id: str) -> None:
        self._run("UPDATE runs SET told = 1 WHERE id = ?", run_id)

    def close(self) -> None:
        self._database.close()

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).isoformat()

    def _runs(self, where: str, *values: object) -> list[Json]:
        rows: Iterable[Any] = self._run(f"SELECT content, status FROM runs {where}", *values)
        return [{**json.loads(content), "status": status, "updated_at": self._now()} for content, status in rows]

    def _run(self, sql: str, *values: object) -> list[Any]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()


def _verdict(applicant: Json, run: Json) -> str:
    if applicant["last_name"].split()[-1] in SCRIPT:
        return SCRIPT[applicant["last_name"].split()[-1]]
    born, today = date.fromisoformat(applicant["dob"]), datetime.now(UTC).date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "approved" if years >= (run["custom_data"] or {}).get("minimum_age", 18) else "declined"
