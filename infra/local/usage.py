"""What a run of the market used: requests, CPU, bytes, rows. The cost model turns it into dollars."""

import json
import os
import resource
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from infra.local.postgres import PostgresServer, postmaster
from shared.storage.connection import Connection, close

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class Calls:
    """Of one function. `open_s`: seconds of the wall between a request and the end of its answer, all requests together."""

    requests: int = 0
    open_s: float = 0.0
    bytes_out: int = 0


class Meter:
    """Counts one process's calls by function."""

    def __init__(self) -> None:
        self.calls: dict[str, Calls] = defaultdict(Calls)

    async def measure(self, name: str, answer: Callable[[Send], Awaitable[None]], send: Send) -> None:
        counted, began = self.calls[name], perf_counter()
        counted.requests += 1

        async def counting(message: MutableMapping[str, Any]) -> None:
            counted.bytes_out += len(message.get("body", b""))
            await send(message)

        try:
            await answer(counting)
        finally:
            counted.open_s += perf_counter() - began

    def write(self, folder: Path, process: str) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        document = {
            "process": process,
            "cpu_s": used.ru_utime + used.ru_stime,
            "calls": {name: asdict(calls) for name, calls in sorted(self.calls.items())},
        }
        folder.mkdir(exist_ok=True)
        (folder / f"{process}-{os.getpid()}.json").write_text(json.dumps(document, indent=2))


def of_processes(data_dir: Path) -> list[dict[str, Any]]:
    """What the processes of a stopped market wrote down."""
    return [json.loads(file.read_text()) for file in sorted((data_dir / "usage").glob("*.json"))]


def of_database(url: str, server: PostgresServer | None) -> dict[str, Any]:
    """Rows written since the database was made and bytes, by table, and (on Linux, where the server is ours) its CPU seconds."""
    connection = Connection(url)
    try:
        tables = connection.fetch(_ROWS)
    finally:
        close(connection)
    return {
        "cpu_s": None if server is None or sys.platform != "linux" else _cpu_s(server),
        "tables": {row.pop("name"): row for row in tables},
    }


def _cpu_s(server: PostgresServer) -> float:
    """User and system time of the postmaster, its living children, and those it has already waited for."""
    parent, _ = postmaster(server.data_dir)
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended between the listing and the reading
        if int(folder.name) == parent:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


_ROWS = """
    SELECT coalesce(whole.relname, s.relname) AS name, CAST(sum(n_tup_ins) AS bigint) AS inserted,
           CAST(sum(n_tup_upd) AS bigint) AS updated, CAST(sum(n_tup_del) AS bigint) AS deleted,
           CAST(sum(pg_total_relation_size(s.relid)) AS bigint) AS bytes
    FROM pg_stat_user_tables s LEFT JOIN pg_inherits i ON i.inhrelid = s.relid LEFT JOIN pg_class whole ON whole.oid = i.inhparent
    WHERE n_tup_ins > 0 GROUP BY 1 ORDER BY 1
"""
"""A partitioned table as one."""
