"""Moments as they come from Postgres."""

from datetime import timedelta

import pytest

from shared.storage.connection import Connection
from tests.fixtures.http import NOON


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Kolkata"])
@pytest.mark.parametrize("fraction", ["", ".5", ".123456"])
def test_a_moment_is_the_same_in_every_session(connection: Connection, zone: str, fraction: str) -> None:
    connection.command(f"SET TIME ZONE '{zone}'")
    written = f"2026-11-20T18:00:00{fraction}+00:00"
    [row] = connection.fetch("SELECT CAST(:at AS timestamptz) AS at", {"at": written})
    assert row["at"] == NOON + timedelta(seconds=float(fraction or 0))


def test_moments_that_no_calendar_holds_come_as_text(connection: Connection) -> None:
    [row] = connection.fetch("SELECT CAST('infinity' AS timestamptz) AS never")
    assert row["never"] == "infinity"
