"""`--platform google`: the whole market on emulators, as a user starts it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.fixtures.market import ROOT, Market

pytestmark = pytest.mark.timeout(400)


def test_a_day_in_which_pub_sub_dies_twice_and_the_live_store_is_lost_loses_and_doubles_nothing(
    pubsub_emulator: str, firestore_emulator: str, tmp_path: Path
) -> None:
    """The emulators of the suite are asked for so that the test is skipped where there are none."""
    report = tmp_path / "report.json"
    command = [
        sys.executable,
        "-m",
        "infra.market.demo",
        "--platform",
        "google",
        "--orders",
        "6",
        "--json",
        str(report),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    assert done.stdout.count("Pub/Sub is killed") == 2
    assert "Firestore is wiped" in done.stdout
    found = json.loads(report.read_text())
    assert (found["sound"], found["lost"], found["double_assigned"]) == (True, 0, 0)
    assert found["placed"] == found["dossiers_verified"] >= 6
    assert found["by_status"].get("delivered", 0) >= 1


def test_nobody_but_the_platform_s_accounts_may_call_what_is_internal(market: Market, pubsub_emulator: str) -> None:
    market.start("--platform", "google", "--no-market")
    request = urllib.request.Request(
        f"{market.base_url}/internal/outbox/relay", data=b"{}", headers={"Authorization": "Bearer somebody"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    with refused.value as answer:
        assert answer.status == 401
        assert b"the platform itself" in answer.read()
