"""A region's own parameters: checked, kept as versions, in force from the next tick, named by every offer."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli import app
from shared.dispatch.engine import Parameters
from shared.dispatch.tuning import set_parameters
from shared.kernel.errors import NotFound
from shared.wiring import storage
from tests.fixtures.terminal import sentences
from tests.fixtures.world import World


def test_a_region_decides_with_its_newest_version_and_says_so(world: World) -> None:
    with storage.unit_of_work() as work:
        set_parameters(work, Parameters(), "dfw", {"policy": "nearest"})
        set_parameters(work, Parameters(), "dfw", {"policy": "weighted_score", "exploration": {"rate": 0.5}})
    world.an_offered_order()
    assert world.one("SELECT weights_version FROM offer_logs")["weights_version"] == "dfw-2"
    used = world.one("SELECT parameters FROM ticks")["parameters"]
    assert (used["policy"], used["exploration"]["rate"]) == ("weighted_score", 0.5)
    assert [row["version"] for row in world.rows("SELECT version FROM dispatch_parameters ORDER BY version")] == [1, 2]


def test_what_a_region_leaves_out_stays_the_platforms(world: World) -> None:
    default = Parameters.from_dict({"exploration": {"rate": 0.25}})
    with storage.unit_of_work() as work:
        chosen = set_parameters(work, default, "dfw", {"weights": {"fairness": 90.0}})
    assert (chosen.exploration.rate, chosen.weights.fairness, chosen.weights.travel) == (0.25, 90.0, 1.0)


@pytest.mark.parametrize(
    ("nonsense", "told"),
    [
        ({"weights": {"travel": -1}}, "weights.travel must be not negative"),
        ({"weights": {"version": "mine"}}, "version is given"),
        ({"acceptance": {"pay": 2}}, "acceptance is learnt"),
        ({"weights": None}, "weights must be an object"),
    ],
)
def test_nonsense_is_refused_before_it_is_stored(world: World, nonsense: dict[str, object], told: str) -> None:
    with storage.unit_of_work() as work, pytest.raises(ValueError, match=told):
        set_parameters(work, Parameters(), "dfw", nonsense)
    assert world.rows("SELECT 1 FROM dispatch_parameters") == []


def test_an_unknown_region_is_refused(world: World) -> None:
    with storage.unit_of_work() as work, pytest.raises(NotFound):
        set_parameters(work, Parameters(), "atlantis", {})
    assert world.rows("SELECT 1 FROM dispatch_parameters") == []


def test_the_command_stores_a_good_file_and_refuses_a_bad_one(world: World, tmp_path: Path) -> None:
    file = tmp_path / "dfw.json"
    file.write_text(json.dumps({"timing": {"hold": True}}))
    stored = CliRunner().invoke(app, ["dispatch", "set-parameters", "dfw", str(file)])
    assert stored.exit_code == 0
    assert "dfw-1 is in force" in stored.output
    file.write_text(json.dumps({"timing": {"hold": "sometimes"}}))
    refused = CliRunner().invoke(app, ["dispatch", "set-parameters", "dfw", str(file)])
    assert refused.exit_code == 2
    assert "Nothing was changed" in sentences(refused.output)
    file.write_text("{")
    assert CliRunner().invoke(app, ["dispatch", "set-parameters", "dfw", str(file)]).exit_code == 2
    assert [row["version"] for row in world.rows("SELECT version FROM dispatch_parameters")] == [1]


def test_every_offer_keeps_its_propensity(world: World) -> None:
    world.an_offered_order()
    log = world.one("SELECT propensity, explored FROM offer_logs")
    assert (log["propensity"], log["explored"]) == (1.0, False), "with one driver there is nothing to draw from"
