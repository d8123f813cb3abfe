"""A process of the local runtime is told to end while routes are planned beside it."""

import subprocess
import sys

import pytest

from infra.local.child import ROOT

PLANNING = """
import multiprocessing
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from infra.local.serve import stop_planning
from shared.dispatch import pool
from shared.dispatch.engine.bundles import Bundling, routes
from tests.unit.dispatch.test_bundles import neighbours

def plan():
    try:
        pool.plan_all([routes.routing(*neighbours(), Bundling())] * 2, 600.0, 1_000_000_000, 1)
    except BrokenProcessPool:
        print("nobody waits for the plan")

if __name__ == "__main__":
    waiting = threading.Thread(target=plan)
    waiting.start()
    while not multiprocessing.active_children():
        time.sleep(0.05)
    print("planning")
    stop_planning()
"""


@pytest.mark.timeout(120)
def test_it_waits_for_no_plan_and_leaves_no_semaphore_behind() -> None:
    done = subprocess.run([sys.executable, "-c", PLANNING], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["planning", "nobody waits for the plan"]
    assert "leaked" not in done.stderr
