"""A market that runs on this machine, for commands that look into it."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer

from infra.local import postgres
from infra.local.access import unit_of_work
from infra.local.runtime import DATABASE, ENVIRONMENT
from shared.kernel.clock import SystemClock
from shared.storage.connection import Pool
from shared.storage.work import Work


@contextmanager
def open_work(data_dir: Path) -> Iterator[Work]:
    """On the market that runs on a folder, or on DATABASE_URL. Raises BadParameter when there is neither."""
    pool = Pool(os.environ.get("DATABASE_URL") or _local_url(data_dir), 1)
    with closing(pool), unit_of_work(pool, SystemClock()) as work:
        yield work


def environment(data_dir: Path) -> dict[str, str]:
    """What a process needs to belong to the market that runs on a folder. Raises BadParameter."""
    file = data_dir / ENVIRONMENT
    if not file.exists():
        raise typer.BadParameter(f"no market runs on {data_dir}: start it with `make run`")
    return dict(json.loads(file.read_text()))


def _local_url(data_dir: Path) -> str:
    port = postgres.running_port(data_dir.resolve() / "postgres")
    if port is None:
        raise typer.BadParameter(f"no market runs on {data_dir}: start it with `make run`, or set DATABASE_URL")
    return postgres.PostgresServer(data_dir, port).database_url(DATABASE)
