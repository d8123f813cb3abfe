"""The runbooks' commands for one machine, typed into a shell beside a market that is really running."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.market import ROOT, Market
from tests.fixtures.terminal import sentences

RUNBOOKS = """
set -e
eval "$(cloudrun environment --data-dir "$FOLDER")"
cloudrun job migrate
cloudrun job rebuild_live
curl -sf -X POST -H "Authorization: Bearer $INTERNAL_TOKEN" "$BASE/internal/outbox/relay"
"""


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="the runbooks are typed with curl, which is not installed here"
)
@pytest.mark.timeout(300)
def test_a_shell_joins_the_market_that_runs_and_leaves_it_when_it_is_stopped(market: Market, tmp_path: Path) -> None:
    market.start("--no-market")
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    place = {"PATH": path, "FOLDER": str(tmp_path / "market"), "BASE": market.base_url}

    def type_in(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", script], cwd=ROOT, env=place, capture_output=True, text=True, timeout=120)

    ran = type_in(RUNBOOKS)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "documents are as the database has them" in ran.stdout
    assert market.interrupt() == 0
    late = type_in('cloudrun environment --data-dir "$FOLDER"')
    assert late.returncode != 0
    assert "start it with `make run`" in sentences(late.stderr)
