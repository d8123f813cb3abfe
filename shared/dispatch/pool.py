"""The processes in which routes are planned, several at once, beside the one that answers requests."""

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import repeat
from multiprocessing.process import BaseProcess

from shared.dispatch.engine.planner import Routes, Routing


def plan_all(routings: Sequence[Routing], seconds: float, steps: int, seed: int) -> list[Routes]:
    """Each routing planned, in the sequence given, several at once; `steps` are for each of its requests.

    Raises BrokenProcessPool when a process was killed.
    """
    most = [steps * len(routing.requests) for routing in routings]
    try:
        return list(_processes().map(_plan, routings, repeat(seconds), repeat(seed), most)) if routings else []
    except BrokenProcessPool:
        _processes.cache_clear()  # the next slot gets new processes
        raise


def _plan(routing: Routing, seconds: float, seed: int, steps: int) -> Routes:
    from shared.dispatch.engine.planner.plan import plan  # the solver loads in these processes alone

    return plan(routing, seconds, seed, steps)


@cache
def _processes() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A process whose parent was killed has nothing left to do."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)
