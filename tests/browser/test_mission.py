"""Mission control in a real browser, on a real market: what a person sees and can do there.

One visit by `mission.mjs` observes everything; the tests say what must have been seen.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.child import ROOT
from infra.local.runtime import Runtime
from infra.tools.web import node_folder
from shared.storage.connection import Connection, close
from tests.fixtures.market import until

APP = ROOT / "functions" / "web" / "mission"
VISIT = Path(__file__).with_name("mission.mjs")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NOON_IN_DALLAS = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SPEED = 10
WARM_UP_SPEED = 30
"""Until the first order of restricted goods is at its door."""

ORDERS_PER_HOUR = 240
VISIT_LIMIT_S = 150

Seen = dict[str, Any]


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"There is no browser on PATH: install one of {', '.join(BROWSERS)}.")
    if not (APP / "dist" / "index.html").is_file() or not (APP / "node_modules" / "playwright-core").is_dir():
        pytest.skip("Mission control is not built: run `make web`.")
    return found


@pytest.fixture(scope="module")
def played_market(browser: str) -> Iterator[str]:
    """The base URL of a market on which customers, stores and drivers act."""
    with (
        # Not pytest's own folder, which is closed to the user as whom root runs Postgres.
        tempfile.TemporaryDirectory(prefix="cloudrun-browser-") as folder,
        Runtime(Path(folder), clock_start=NOON_IN_DALLAS, durable=False) as runtime,
    ):
        runtime.set_speed(WARM_UP_SPEED)
        sign_in = {"ADMIN_EMAIL": runtime.admin_email, "ADMIN_PASSWORD": runtime.admin_password}
        players = subprocess.Popen(
            [sys.executable, "-m", "infra.market", runtime.base_url, str(runtime.data_dir), str(ORDERS_PER_HOUR)],
            cwd=ROOT,
            env={**os.environ, **runtime.environment, **sign_in},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            until(lambda: somebody_was_checked(runtime), "a recipient was checked at the door")
            runtime.set_speed(SPEED)
            yield runtime.base_url
        finally:
            players.terminate()
            players.wait()


def somebody_was_checked(runtime: Runtime) -> bool:
    """Whether a restricted order has been handed over."""
    connection = Connection(runtime.database_url)
    try:
        return bool(connection.fetch("SELECT 1 FROM orders WHERE restricted AND status = 'delivered' LIMIT 1"))
    finally:
        close(connection)


@pytest.fixture(scope="module")
def seen(browser: str, played_market: str) -> Seen:
    command = [str(node_folder() / "node"), str(VISIT), played_market, browser]
    done = subprocess.run(command, capture_output=True, text=True, timeout=VISIT_LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr
    found: Seen = json.loads(done.stdout)
    return found


def test_the_demonstration_sign_in_opens_the_console_of_the_region(seen: Seen) -> None:
    assert seen["sign_in"] == {"title": "Overview · Mission control", "region": "Dallas–Fort Worth"}


def test_the_map_draws_streets(seen: Seen) -> None:
    assert seen["map"]["colours"] > 50, seen["map"]
    assert seen["map"]["drawn"] > 0.1, "nearly all of the map is bare land"


def test_the_overview_is_filled_with_figures(seen: Seen) -> None:
    assert int(seen["overview"]["open"]) > 0, seen["overview"]
    figures = seen["overview"]["figures"]
    assert len(figures) >= 15, figures
    assert int(figures["Online"]) > 0
    assert int(figures["Chained events"]) > 0


def test_zones_are_called_by_key_and_colour_the_map(seen: Seen) -> None:
    assert seen["zones"]["ramp"] == ["less", "0.5", "2.0", "4.0", "8.0"], seen["zones"]
    assert seen["zones"]["changed"] > 50_000, seen["zones"]


def test_open_orders_are_listed_with_their_status(seen: Seen) -> None:
    assert len(seen["orders"]["rows"]) >= 5, seen["orders"]
    assert all(row["id"].startswith("ord_") and row["status"] for row in seen["orders"]["rows"])


def test_an_order_shows_what_happened_to_it_since_it_was_placed(seen: Seen) -> None:
    assert seen["order"]["timeline"][-1] == "Placed", seen["order"]
    assert len(seen["order"]["timeline"]) >= 3


def test_an_order_s_chain_of_evidence_is_shown_and_marked_as_verified(seen: Seen) -> None:
    assert seen["order"]["events"] >= 3, seen["order"]
    assert seen["order"]["verdict"].startswith("Chain is intact."), seen["order"]
    assert seen["order"]["mark"] == 1


def test_an_order_shows_how_age_was_proved_and_how_strong_each_proof_is(seen: Seen) -> None:
    checkout, at_the_door = seen["proof"]["steps"]
    assert checkout[:2] == ["At checkoutPassed", "Commercial database"], seen["proof"]
    assert at_the_door[0] == "At the doorPassed", seen["proof"]
    assert seen["proof"]["strength"].endswith(" of 3"), seen["proof"]


def test_how_drivers_check_at_the_door_is_reached_and_opened_by_keyboard(seen: Seen) -> None:
    assert seen["door"]["listed"] >= 1, seen["door"]
    assert int(seen["door"]["figures"]["Checks"]) >= 1, seen["door"]
    assert {"Passed", "By hand", "Within seconds", "Far from the door"} <= set(seen["door"]["figures"])


def test_orders_and_drivers_move_by_the_stream_alone(seen: Seen) -> None:
    assert seen["live"]["statuses"] > 0, seen["live"]
    assert seen["live"]["pixels"] > 0, "nothing moved on the map"


def test_an_order_is_opened_and_closed_by_keyboard(seen: Seen) -> None:
    assert seen["keyboard"]["tabs"] < 12, seen["keyboard"]
    assert seen["keyboard"]["opened"].startswith("#/orders/ord_")
    assert seen["keyboard"]["closed"] == "#/orders"


def test_the_theme_follows_the_system_and_switches_by_key(seen: Seen) -> None:
    themes = seen["themes"]
    assert themes["system"] == themes["switched"] != themes["light"] == themes["back"], themes


def test_nothing_is_wider_than_a_phone(seen: Seen) -> None:
    assert set(seen["phone"]["widths"]) == {"overview", "orders", "drivers", "dispatch", "order"}, seen["phone"]
    assert max(seen["phone"]["widths"].values()) <= seen["phone"]["width"], seen["phone"]


def test_no_request_failed_and_the_console_is_silent(seen: Seen) -> None:
    assert seen["troubles"] == []
