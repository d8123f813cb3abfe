"""When two slots of the BATCH loop ask the same."""

from datetime import timedelta

import numpy as np
import pytest

from shared.dispatch import question
from shared.storage.connection import Row
from tests.fixtures.http import NOON

WINDOW = NOON - timedelta(seconds=NOON.timestamp() % question.KEPT_S)
"""The beginning of a time for which a plan is kept."""


def asked(
    after_s: float,
    ready_s: list[float],
    approach_s: list[float],
    trips: dict[str, str] | None = None,
    promised_s: float = 2_400,
) -> str:
    """What a slot asks so long after `WINDOW` about orders whose goods are ready `ready_s` after it."""
    tasks: list[Row] = [
        {"task_id": f"tsk_{number}", "ready_s": ready - after_s, "promised_s": promised_s - after_s}
        for number, ready in enumerate(ready_s)
    ]
    trip_of = {task["task_id"]: (trips or {}).get(task["task_id"]) for task in tasks}
    now = WINDOW + timedelta(seconds=after_s)
    return question.digest(tasks, trip_of, np.array(approach_s), now, now)


@pytest.mark.parametrize(
    ("ready_s", "approach_s"),
    [([-900.0, -60.0], [300.0, 600.0]), ([600.0, 840.0], [300.0, 240.0])],
    ids=["all goods wait for drivers", "all drivers would wait for goods"],
)
def test_time_alone_asks_nothing_new(ready_s: list[float], approach_s: list[float]) -> None:
    assert asked(0, ready_s, approach_s) == asked(30, ready_s, approach_s) == asked(90, ready_s, approach_s)


def test_where_goods_become_ready_while_a_driver_is_far_away_every_slot_asks_anew() -> None:
    assert len({asked(after_s, [-60.0, 840.0], [300.0, 300.0]) for after_s in (0, 30, 60, 90)}) == 4


def test_a_plan_is_not_kept_for_longer_than_two_minutes() -> None:
    assert asked(90, [-60.0, -60.0], [300.0, 300.0]) != asked(120, [-60.0, -60.0], [300.0, 300.0])


def test_whatever_a_plan_is_made_of_asks_anew() -> None:
    before = asked(0, [0.0, 0.0], [300.0, 300.0])
    assert asked(0, [0.0, 0.0, 0.0], [300.0] * 3) != before, "an order more"
    assert asked(0, [0.0, 0.0], [300.0, 100.0]) != before, "a driver nearer to one store"
    assert asked(0, [0.0, 400.0], [300.0, 300.0]) != before, "goods that take longer"
    assert asked(0, [0.0, 0.0], [300.0, 300.0], promised_s=2_000) != before, "another promise"
    assert asked(0, [0.0, 0.0], [300.0, 300.0], {"tsk_0": "trp_1", "tsk_1": "trp_1"}) != before, "another plan in force"


def test_a_driver_who_moved_a_few_metres_asks_nothing_new() -> None:
    assert asked(0, [0.0, 0.0], [300.0, 310.0]) == asked(30, [0.0, 0.0], [306.0, 295.0])
