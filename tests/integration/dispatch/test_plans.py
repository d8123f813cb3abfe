"""How Postgres goes about the hot statements of a tick: by index, when the region is one of many."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from infra.bench import region
from shared.dispatch import announcements, commit, snapshot
from shared.dispatch.arrays import packed
from shared.dispatch.rules import SHARED_BASE_MINOR
from shared.kernel.ids import new_ids
from shared.storage.connection import Connection
from tests.fixtures.http import NOON

SHARE = 40
"""Of the drivers and tasks, one in so many is in the region; the others are elsewhere."""


@pytest.fixture
def country(connection: Connection) -> Connection:
    """4,000 drivers and 1,000 open tasks, and the offers of earlier hours."""
    region.fill(connection, drivers=4_000, jobs=1_000, now=NOON)
    connection.command(
        "INSERT INTO regions (region_id, name, timezone, lat, lng) VALUES ('elsewhere', 'Elsewhere', 'UTC', 0, 0)"
    )
    for table, key in (("drivers", "driver_id"), ("driver_positions", "driver_id"), ("tasks", "task_id")):
        connection.command(f"UPDATE {table} SET region_id = 'elsewhere' WHERE hashtext({key}) % {SHARE} <> 0")
    connection.command("VACUUM ANALYZE")
    return connection


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read_whole(connection: Connection, sql: str, **params: Any) -> set[str]:
    """The tables that the statement's plan reads from end to end."""
    [row] = connection.fetch(f"EXPLAIN (FORMAT JSON) {sql}", params)
    found = list(nodes(row["QUERY PLAN"][0]["Plan"]))
    assert any("Index Name" in node for node in found), "there is something to look up"
    return {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"}


def test_a_tick_reads_its_region_by_index(country: Connection) -> None:
    here = {"region_id": region.REGION}
    fresh, since = NOON - timedelta(minutes=3), NOON - timedelta(minutes=10)
    assert read_whole(country, snapshot._JOBS, **here, now=NOON, shared_base_minor=SHARED_BASE_MINOR) == set()
    assert read_whole(country, snapshot._DRIVERS, **here, now=NOON, fresh_after=fresh) <= {"regions"}
    assert read_whole(country, snapshot._COOLING, **here, since=since) == set()


def test_a_tick_writes_and_announces_its_offers_by_index(country: Connection) -> None:
    here = {"region_id": region.REGION}
    tasks = country.fetch("SELECT task_id, order_id FROM tasks WHERE region_id = :region_id AND status = 'open'", here)
    drivers = country.fetch("SELECT driver_id FROM drivers WHERE region_id = :region_id", here)
    count = min(len(tasks), len(drivers))
    assert count > 0
    task_ids = np.array([row["task_id"] for row in tasks[:count]])
    assert read_whole(country, commit._HOLD, job_ids=packed(task_ids)) == set()
    asked = {
        "offer_id": np.array(new_ids("ofr", NOON, os.urandom, count)),
        "job_id": task_ids,
        "task_id": task_ids,
        "order_id": np.array([row["order_id"] for row in tasks[:count]]),
        "driver_id": np.array([row["driver_id"] for row in drivers[:count]]),
        "payout_minor": np.full(count, 700),
    }
    written = {name: packed(column) for name, column in asked.items()}
    told = {"tick_id": "tck_9", "now": NOON, "expires_at": NOON}
    assert read_whole(country, commit._offer(asked, ""), **written, **here, **told) == set()
    country.command("UPDATE offers SET tick_id = offer_id")
    country.command("VACUUM ANALYZE offers")
    assert read_whole(country, announcements._OF_TICK, tick_id="tck_9", trace="{}") <= {"ticks"}
