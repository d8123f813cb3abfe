"""What no law keeps goes after its time, and nothing else does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from shared.prediction.models import LEARN_FROM
from shared.storage.connection import Connection
from shared.storage.retention import BATCH, RULES, TICKS_KEPT, Rule
from tests.fixtures.http import NOON, Json, refused, taken
from tests.fixtures.world import World

PAGE = Path(__file__).resolve().parents[3] / "docs" / "privacy.md"
TABLES = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'alembic_version'
"""
LARGE = [rule for rule in RULES if rule.table in ("ticks", "tick_logs", "doorstep_checks", "inbox", "idempotency_keys")]


def purged(world: World) -> Json:
    return dict(taken(world.platform.post("/internal/maintenance/purge_expired"))["rows"])


def kept_for() -> dict[str, str]:
    """By table, what the page says."""
    section = PAGE.read_text().partition("## What is kept for how long")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    return {name: kept.strip() for names, kept in rows for name in re.findall(r"`(\w+)`", names)}


def words(kept: timedelta) -> str:
    return "until they end" if not kept else "1 day" if kept.days == 1 else f"{kept.days} days"


def test_the_page_says_of_every_table_how_long_it_is_kept(connection: Connection) -> None:
    assert set(kept_for()) == {row["name"] for row in connection.fetch(TABLES)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.table)
def test_the_page_says_what_the_rule_does(rule: Rule) -> None:
    assert kept_for()[rule.table].startswith(words(rule.kept))


def test_ticks_go_after_a_month_and_the_order_stays_whole(world: World) -> None:
    order_id = world.a_delivered_order()[0]["id"]
    assert world.one("SELECT count(*) AS ticks FROM ticks")["ticks"] == 1
    world.api.clock.advance(seconds=(NOON + TICKS_KEPT - world.api.clock.now).total_seconds())
    assert purged(world)["ticks"] == 0
    world.api.clock.advance(minutes=1)
    assert purged(world)["ticks"] == 1
    assert world.rows("SELECT 1 FROM ticks") == []
    admin = world.api.sign_in("admin@cloudrun.localhost")
    assert taken(admin.get(f"/v1/orders/{order_id}/dossier/verify"))["valid"] is True
    assert len(world.rows("SELECT 1 FROM offers")) == 1


def test_a_tick_that_is_gone_says_why(world: World) -> None:
    world.a_delivered_order()
    tick_id = world.one("SELECT tick_id FROM ticks")["tick_id"]
    world.api.clock.advance(days=31)
    purged(world)
    admin = world.api.sign_in("admin@cloudrun.localhost")
    problem = refused(admin.get(f"/v1/admin/dispatch/ticks/{tick_id}"), 404, "not_found")
    assert problem["detail"] == f"There is no tick {tick_id}. Ticks are kept for 30 days."


def test_more_than_a_batch_goes_in_one_call_and_what_is_younger_stays(world: World) -> None:
    old, young = world.api.clock.now - timedelta(days=9), world.api.clock.now - timedelta(days=7)
    for at, rows in ((old, 2 * BATCH + 7), (young, 5)):
        world.rows(
            "INSERT INTO inbox SELECT 'somebody', :at || '-' || n, CAST(:at AS timestamptz) FROM generate_series(1, :rows) AS n",
            at=at.isoformat(),
            rows=rows,
        )
    assert purged(world)["inbox"] == 2 * BATCH + 7
    assert world.one("SELECT count(*) AS rows FROM inbox")["rows"] == 5


def test_a_price_a_session_a_place_and_a_counter_go_a_day_later(world: World) -> None:
    world.an_order()
    world.price()
    assert purged(world) == dict.fromkeys(purged(world), 0)
    world.api.clock.advance(days=2)
    gone = purged(world)
    assert (gone["prices"], gone["driver_positions"], gone["idempotency_keys"]) == (2, 1, 1)
    assert gone["sessions"] >= 4
    assert gone["rate_windows"] >= 4
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_models_learn_from_less_than_is_kept() -> None:
    kept = {rule.table: rule.kept for rule in RULES}
    assert kept["tick_logs"] > LEARN_FROM


@pytest.mark.parametrize("rule", LARGE, ids=lambda rule: rule.table)
def test_what_is_old_is_found_by_an_index(connection: Connection, rule: Rule) -> None:
    connection.command("SET enable_seqscan = off")
    plan = connection.fetch(f"EXPLAIN {rule.sql}", {"before": rule.before(NOON), "limit": BATCH})
    lines = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "Seq Scan" not in lines, lines
