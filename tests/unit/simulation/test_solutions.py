"""Every policy keeps the rules, by a checker that shares nothing with the simulator; and the checker sees what is wrong."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.simulation.check import check
from shared.simulation.command import main
from shared.simulation.day import play
from shared.simulation.instance import read
from shared.simulation.metrics import measure
from shared.simulation.policies import policies
from shared.simulation.solution import write
from tests.unit.simulation.days import random_day

ASSIGNMENTS, ORDERS, COURIERS = (f"solution_info_{name}.txt" for name in ("assignments", "orders", "couriers"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), policy=st.sampled_from(sorted(policies)), exact=st.booleans())
def test_every_policy_keeps_the_rules_on_any_day(tmp_path: Path, seed: int, policy: str, exact: bool) -> None:
    folder = random_day(seed).write(tmp_path / "day")
    write(play(read(folder), policies[policy](seed), exact=exact), tmp_path / "out")
    assert check(folder, tmp_path / "out", exact=exact) == []


def test_the_same_day_is_played_the_same_way(tmp_path: Path) -> None:
    instance = read(random_day(4).write(tmp_path))
    first, second = (play(instance, policies["rolling"](0)).routes for _ in range(2))
    assert first == second


def test_planning_ahead_beats_the_nearest_courier(tmp_path: Path) -> None:
    days = [read(random_day(seed, orders=40).write(tmp_path / str(seed))) for seed in range(4)]
    mean = {
        name: sum(measure(play(day, policies[name](0))).ctd_mean for day in days) for name in ("rolling", "nearest")
    }
    assert mean["rolling"] < mean["nearest"]


@pytest.fixture
def solved(tmp_path: Path) -> tuple[Path, Path]:
    folder = random_day(1).write(tmp_path / "day")
    write(play(read(folder), policies["rolling"](0)), tmp_path / "out")
    return folder, tmp_path / "out"


def _alter(file: Path, column: int, change: float) -> None:
    head, first, *rest = file.read_text().splitlines()
    cells = first.split()
    cells[column] = str(float(cells[column]) + change)
    file.write_text("\n".join((head, " ".join(cells), *rest)) + "\n")


@pytest.mark.parametrize(
    ("file", "column", "change", "finding"),
    [
        (ASSIGNMENTS, 1, -500.0, "before it was ready"),
        (ASSIGNMENTS, 1, -500.0, "sooner than the way allows"),
        (ASSIGNMENTS, 1, 500.0, "after the end of the shift"),
        (ASSIGNMENTS, 0, -500.0, "before it was placed"),
        (ASSIGNMENTS, 0, -500.0, "told something before being on"),
        (ORDERS, 4, 1.0, "is said to be"),
        (COURIERS, 1, 1.0, "the moves are not those"),
    ],
)
def test_the_checker_sees_an_altered_time(
    solved: tuple[Path, Path], file: str, column: int, change: float, finding: str
) -> None:
    folder, out = solved
    _alter(out / file, column, change)
    assert any(finding in problem for problem in check(folder, out))


def test_the_checker_sees_a_second_delivery_and_a_lost_line(solved: tuple[Path, Path]) -> None:
    folder, out = solved
    lines = (out / ASSIGNMENTS).read_text().splitlines()
    (out / ASSIGNMENTS).write_text("\n".join((*lines, lines[-1])) + "\n")
    problems = check(folder, out)
    assert any("assigned twice" in problem for problem in problems)
    assert any("on the way" in problem for problem in problems)
    (out / ASSIGNMENTS).write_text("\n".join(lines[:-1]) + "\n")
    assert any("never assigned" in problem for problem in check(folder, out))


def test_the_command_plays_a_folder_of_days_and_leaves_its_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in (1, 2):
        random_day(seed, orders=8).write(tmp_path / "days" / f"{seed}o100")
    assert main(["--all", str(tmp_path / "days"), "--out", str(tmp_path / "out"), "--processes", "2"]) == 0
    assert "seed 1" in capsys.readouterr().out
    assert len((tmp_path / "out" / "metrics.csv").read_text().splitlines()) == 3
    assert "1o100" in (tmp_path / "out" / "report.html").read_text()
    assert (tmp_path / "out" / "2o100" / ASSIGNMENTS).exists()


def test_the_command_says_when_there_is_nothing_to_play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--all", str(tmp_path)]) == 2
    assert "no instance" in capsys.readouterr().err


def test_a_day_played_with_foresight_leaves_no_solution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random_day(1, orders=8).write(tmp_path / "day")
    assert main(["--instance", str(tmp_path / "day"), "--out", str(tmp_path / "out"), "--foresight", "30"]) == 0
    assert "this is no solution" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["metrics.csv", "report.html"]
