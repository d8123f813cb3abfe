"""The planning processes may be killed at any moment."""

import multiprocessing
import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from shared.dispatch import pool
from shared.dispatch.engine.bundles import Bundling, routes
from tests.unit.dispatch.test_bundles import neighbours


def test_a_planning_process_that_was_killed_is_replaced_in_the_next_slot() -> None:
    routing = routes.routing(*neighbours(), Bundling())
    [before] = pool.plan_all([routing], 0.05, 4, 1)
    for child in multiprocessing.active_children():
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    with pytest.raises(BrokenProcessPool):
        pool.plan_all([routing], 0.05, 4, 1)
    assert pool.plan_all([routing], 0.05, 4, 1)[0].routes == before.routes


def test_nothing_to_plan_starts_nothing() -> None:
    assert pool.plan_all([], 0.05, 4, 1) == []
