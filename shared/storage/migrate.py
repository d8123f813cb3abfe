"""Bring a database to the newest schema, and keep a partition ready for each of the coming months."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pg8000.dbapi
import sqlalchemy
from alembic import command
from alembic.config import Config

from shared.kernel.ids import first_id

PARTITIONED = {"orders": "ord", "dossier_events": "ord", "tick_logs": "tck"}
"""Table → prefix of the id whose order in time its partitions follow."""

MIGRATION_LOCK = 7_251_001


def migrate(
    url: str,
    *,
    now: datetime | None = None,
    months_ahead: int = 3,
    dial: Callable[[], socket.socket] | None = None,
) -> None:
    """Run what is missing, once, however many processes ask at the same time.

    `dial` gives the socket when the server is not to be reached at the URL's host. `now` is the month from which partitions
    are made; the machine's date when not given.
    """
    engine = _engine(url, dial)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        ensure_partitions(connection, now or datetime.now(UTC), months_ahead)
        connection.commit()
        connection.execute(sqlalchemy.text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
    engine.dispose()


def _engine(url: str, dial: Callable[[], socket.socket] | None) -> sqlalchemy.Engine:
    driver = url.replace("postgresql://", "postgresql+pg8000://", 1)
    if dial is None:
        return sqlalchemy.create_engine(driver)
    at = sqlalchemy.make_url(driver)

    def connect() -> pg8000.dbapi.Connection:
        return pg8000.dbapi.Connection(at.username, password=at.password, database=at.database, sock=dial())

    return sqlalchemy.create_engine(driver, creator=connect)


def ensure_partitions(connection: sqlalchemy.Connection, now: datetime, months_ahead: int) -> None:
    """Make the monthly partitions of `now` and the months after it where they do not exist."""
    month = datetime(now.year, now.month, 1, tzinfo=UTC)
    for _ in range(months_ahead + 1):
        following = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
        for table, prefix in PARTITIONED.items():
            connection.execute(
                sqlalchemy.text(
                    f"CREATE TABLE IF NOT EXISTS {table}_{month:%Y_%m} PARTITION OF {table} "
                    f"FOR VALUES FROM ('{first_id(prefix, month)}') TO ('{first_id(prefix, following)}')"
                )
            )
        month = following
