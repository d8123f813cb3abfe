"""From logged ticks to what other parameters would have got: solved again, weighed, and honest about what was never tried."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from shared.dispatch.engine import Parameters, Weights
from shared.prediction.evaluation import NothingLogged, Report, of_parameters
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.terminal import sentences
from tests.fixtures.world import World

NEAR, FAR = {"lat": 32.7790, "lng": -96.7980}, {"lat": 32.83, "lng": -96.86}
CONTRARY = Parameters(weights=Weights("contrary", travel=0.0, eta=0.0, lateness=0.0, fairness=10_000.0))
"""Prefers whoever earned least, however far away."""


def evaluated(world: World, parameters: Parameters) -> Report:
    with storage.unit_of_work() as work:
        since = world.api.clock.now - timedelta(days=1)
        return of_parameters(work, parameters, region_id="dfw", since=since, progress=lambda done, total: None)


def test_the_parameters_that_decided_are_worth_what_was_logged(world: World) -> None:
    world.a_dispatched_order()
    world.hire_driver(position=NEAR)
    order, driver, task_id = world.an_offered_order()
    taken(driver.post(f"/v1/tasks/{task_id}/reject", {"reason": "too_far"}))
    found = evaluated(world, Parameters())
    assert (found.ticks, found.waiting, found.acceptance.decisions) == (2, 0, 2)
    assert found.acceptance.naive.value == found.acceptance.snips.value == 0.5
    assert found.acceptance.support == 1.0
    assert found.click_to_pickup is None, f"{order['id']} was not picked up"


def test_parameters_that_choose_others_are_not_supported_by_a_log_without_dice(world: World) -> None:
    rich = world.drivers[0]
    world.hire_driver(position=FAR)
    world.rows("UPDATE drivers SET earned_minor = 90000, online_s = 3600 WHERE driver_id = :id", id=rich.id)
    world.api.clock.advance(minutes=15)
    for driver in world.drivers:
        place = NEAR if driver is rich else FAR
        position = {**place, "at": world.api.clock.now.isoformat()}
        taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [position]}))
    _, driver, task_id = world.an_offered_order()
    assert driver.id == rich.id
    taken(driver.post(f"/v1/tasks/{task_id}/accept", key="k"))
    found = evaluated(world, CONTRARY)
    assert (found.acceptance.support, found.acceptance.effective) == (0.0, 0.0)
    assert len(found.acceptance.warnings) == 2


def test_dice_that_were_logged_weigh_what_they_chose(world: World) -> None:
    world.a_dispatched_order()
    world.rows("UPDATE tick_logs SET propensity = '{0.25}', explored = '{t}'")
    found = evaluated(world, Parameters())
    assert found.acceptance.ips.value == pytest.approx(4.0)
    assert found.acceptance.snips.value == 1.0


def test_click_to_pickup_is_counted_from_the_order(world: World) -> None:
    order, _driver, _task_id = world.an_order_at_the_door()
    found = evaluated(world, Parameters())
    assert found.click_to_pickup is not None
    [picked_up] = [entry["at"] for entry in order["timeline"] if entry["status"] == "picked_up"]
    took = world.one("SELECT extract(epoch FROM CAST(:at AS timestamptz) - created_at) AS s FROM orders", at=picked_up)
    assert found.click_to_pickup.naive.value == pytest.approx(float(took["s"]))


def test_without_an_answered_offer_nothing_is_told(world: World) -> None:
    world.an_offered_order()
    with pytest.raises(NothingLogged, match="Choose an earlier --since"):
        evaluated(world, Parameters())


def evaluate_file(world: World, database: str, file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "cloudrun"), "dispatch", "evaluate", "--parameters", str(file)]
    since = (world.api.clock.now - timedelta(days=1)).date().isoformat()
    return subprocess.run(
        [*command, "--since", since], env={**os.environ, "DATABASE_URL": database, "COLUMNS": "200"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_prints_estimates_and_warns_of_too_little(world: World, database: str, tmp_path: Path) -> None:
    world.an_order_at_the_door()
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps({"weights": {"version": "bold", "fairness": 0.0}}))
    answer = evaluate_file(world, database, file)
    assert answer.returncode == 1, "one decision is too little"
    assert "doubly robust" in answer.stdout
    assert "click to pickup" in answer.stdout
    assert "raise exploration.rate" in answer.stdout


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"no_such": 1}', '{"weights": {"travel": -1}}', '{"policy": "guess"}'], ids=str
)
def test_nonsense_is_refused_with_a_sentence(world: World, database: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "parameters.json"
    file.write_text(text)
    answer = evaluate_file(world, database, file)
    assert answer.returncode == 2
    assert "does not hold parameters of dispatch" in sentences(answer.stderr)
