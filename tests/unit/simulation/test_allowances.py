"""Prepositioning and updates: what each allows, what it does not, and that the checker tells the difference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.simulation.check import check
from shared.simulation.command import main
from shared.simulation.day import PLAIN, Allowances, Assignment, BrokenRule, Preposition, World, carry_out, play
from shared.simulation.instance import read
from shared.simulation.policies import policies
from shared.simulation.solution import write
from tests.unit.simulation.days import Small, random_day

PREPOSITIONING, UPDATES = Allowances(prepositioning=True), Allowances(updates=True)
BOTH = Allowances(prepositioning=True, updates=True)

TOWN = Small(
    stores=((1_000, 0), (3_000, 0)),
    couriers=((0, 0, 0, 60),),
    orders=((1_000, 550, 5, 1, 20), (1_000, 1_000, 6, 1, 20), (1_000, 600, 16, 1, 20), (3_000, 500, 16, 2, 20)),
)
"""The first store is ten minutes from the courier, the second twenty further."""


def world_of(folder: Path, allowances: Allowances, now: float, known: int) -> World:
    world = World.dawn(read(TOWN.write(folder)), exact=False, allowances=allowances)
    world.now, world.open = now, np.arange(known)
    return world


def reach(world: World, now: float, known: int) -> None:
    """Time passes; orders up to `known` are placed."""
    placed = np.setdiff1d(np.arange(known), [order for route in world.routes for order in route.orders])
    world.now, world.open = now, placed


def test_a_courier_waits_where_he_was_sent_to_and_takes_no_instruction_on_the_way(tmp_path: Path) -> None:
    world = world_of(tmp_path, PREPOSITIONING, now=7.0, known=1)
    carry_out(world, Preposition(0, store=0))
    world.now = 12.0
    with pytest.raises(BrokenRule, match="under way"):
        carry_out(world, Assignment(0, (0,)))
    world.now = 17.0
    carry_out(world, Assignment(0, (0,)))
    assert world.routes[0].picked == 20.0
    assert [(m.departed, m.origin, m.destination) for m in world.moves] == [(7, 6, 4), (17, 4, 4), (22, 4, 0)]


def test_nobody_is_sent_without_orders_on_a_plain_day_or_after_the_shift(tmp_path: Path) -> None:
    with pytest.raises(BrokenRule, match="not allowed"):
        carry_out(world_of(tmp_path / "plain", PLAIN, now=7.0, known=1), Preposition(0, store=0))
    with pytest.raises(BrokenRule, match="is off"):
        carry_out(world_of(tmp_path / "off", PREPOSITIONING, now=61.0, known=1), Preposition(0, store=0))


def test_an_order_placed_on_the_way_is_added_on_arrival(tmp_path: Path) -> None:
    world = world_of(tmp_path, UPDATES, now=7.0, known=2)
    carry_out(world, Assignment(0, (0,)))
    reach(world, 17.0, known=4)
    carry_out(world, Assignment(0, (0, 2)))
    [route] = world.routes
    assert (route.departed, route.assigned, route.picked) == (7.0, 17.0, 20.0)
    assert route.dropped == (20 + 2 + 6 + 2, 30 + 2 + 1 + 2)
    assert [(m.departed, m.origin, m.destination) for m in world.moves] == [(7, 6, 4), (22, 4, 0), (32, 0, 2)]
    assert (world.free_at[0], world.served[0], world.open.tolist()) == (37.0, 2, [1, 3])


def test_an_order_left_behind_on_arrival_is_open_again(tmp_path: Path) -> None:
    world = world_of(tmp_path, UPDATES, now=7.0, known=2)
    carry_out(world, Assignment(0, (0, 1)))
    reach(world, 17.0, known=2)
    carry_out(world, Assignment(0, (1,)))
    assert (world.routes[0].orders, world.served[0], world.open.tolist()) == ((1,), 1, [0])


@pytest.mark.parametrize(
    ("allowances", "now", "orders", "why"),
    [
        (PLAIN, 17.0, (0, 2), "not all open"),
        (PLAIN, 17.0, (2,), "under way"),
        (UPDATES, 16.0, (0, 2), "not all open"),
        (UPDATES, 18.0, (0, 2), "not all open"),
        (UPDATES, 17.0, (2,), "keeps at least one"),
        (UPDATES, 17.0, (0, 3), "of one store"),
        (UPDATES, 17.0, (), "not all open"),
    ],
)
def test_an_update_is_made_on_arrival_or_not_at_all(
    tmp_path: Path, allowances: Allowances, now: float, orders: tuple[int, ...], why: str
) -> None:
    world = world_of(tmp_path, allowances, now=7.0, known=2)
    carry_out(world, Assignment(0, (0,)))
    reach(world, now, known=4)
    with pytest.raises(BrokenRule, match=why):
        carry_out(world, Assignment(0, orders))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), allowances=st.sampled_from([PREPOSITIONING, UPDATES, BOTH]), exact=st.booleans())
def test_the_rolling_policy_keeps_the_rules_with_every_allowance(
    tmp_path: Path, seed: int, allowances: Allowances, exact: bool
) -> None:
    folder = random_day(seed).write(tmp_path / "day")
    write(play(read(folder), policies["rolling"](0), exact=exact, allowances=allowances), tmp_path / "out")
    allowed = {"prepositioning": allowances.prepositioning, "updates": allowances.updates}
    assert check(folder, tmp_path / "out", exact=exact, **allowed) == []


def solved(folder: Path, allowances: Allowances, *instructions: tuple[float, int, Assignment | Preposition]) -> Path:
    """The solution of a day on which these were the instructions: when, how many orders were known, and what."""
    world = world_of(folder / "day", allowances, now=0.0, known=0)
    for now, known, instruction in instructions:
        reach(world, now, known)
        carry_out(world, instruction)
    write(world, folder / "out")
    return folder / "out"


def test_the_checker_accepts_a_preposition_only_where_it_is_allowed(tmp_path: Path) -> None:
    out = solved(tmp_path, PREPOSITIONING, (2.0, 0, Preposition(0, 0)), (12.0, 1, Assignment(0, (0,))))
    assert check(tmp_path / "day", out, prepositioning=True) == []
    assert any("the moves are not those" in problem for problem in check(tmp_path / "day", out))


def test_the_checker_accepts_a_last_preposition_only_where_it_is_allowed(tmp_path: Path) -> None:
    out = solved(tmp_path, PREPOSITIONING, (7.0, 1, Assignment(0, (0,))), (40.0, 1, Preposition(0, 1)))
    assert check(tmp_path / "day", out, prepositioning=True) == []
    assert any("the moves are not those" in problem for problem in check(tmp_path / "day", out))


def test_the_checker_accepts_an_update_only_where_it_is_allowed(tmp_path: Path) -> None:
    out = solved(tmp_path, UPDATES, (7.0, 1, Assignment(0, (0,))), (17.0, 3, Assignment(0, (0, 2))))
    assert check(tmp_path / "day", out, updates=True) == []
    assert any("the moves are not those" in problem for problem in check(tmp_path / "day", out))


ASSIGNMENTS, COURIERS = "solution_info_assignments.txt", "solution_info_couriers.txt"


@pytest.mark.parametrize(
    ("file", "was", "becomes", "finding"),
    [
        (ASSIGNMENTS, "17 20 c1", "16 20 c1", "neither at the departure nor on arrival"),
        (COURIERS, "c1 7 0 r1", "c1 -1 0 r1", "told something before being on"),
        (COURIERS, "c1 7 0 r1", "c1 4 0 r1", "set out before any of the orders was placed"),
        (COURIERS, "c1 22 r1 o1", "c1 21 r1 o1", "the moves are not those"),
    ],
)
def test_the_checker_sees_what_no_update_allows(
    tmp_path: Path, file: str, was: str, becomes: str, finding: str
) -> None:
    out = solved(tmp_path, UPDATES, (7.0, 1, Assignment(0, (0,))), (17.0, 3, Assignment(0, (0, 2))))
    text = (out / file).read_text()
    assert was in text
    (out / file).write_text(text.replace(was, becomes))
    assert any(finding in problem for problem in check(tmp_path / "day", out, updates=True))


@pytest.mark.parametrize(
    ("becomes", "finding"),
    [
        ("c1 -1 0 r1", "moved before being on"),
        ("c1 2 0 r2", "the moves are not those"),
        ("c1 2 0 o1", "the moves are not those"),
        ("c1 3 0 r1", "told something before being on, or on the way"),
    ],
)
def test_the_checker_sees_what_no_preposition_allows(tmp_path: Path, becomes: str, finding: str) -> None:
    out = solved(tmp_path, PREPOSITIONING, (2.0, 0, Preposition(0, 0)), (12.0, 1, Assignment(0, (0,))))
    text = (out / COURIERS).read_text()
    assert "c1 2 0 r1" in text
    (out / COURIERS).write_text(text.replace("c1 2 0 r1", becomes))
    assert any(finding in problem for problem in check(tmp_path / "day", out, prepositioning=True))


def test_the_command_plays_a_day_with_both_allowances(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = random_day(3).write(tmp_path / "day")
    assert main(["--instance", str(day), "--out", str(tmp_path / "out"), "--prepositioning", "--updates"]) == 0
    assert "Solutions" in capsys.readouterr().out
    assert check(day, tmp_path / "out" / "day", prepositioning=True, updates=True) == []


def test_the_command_plays_days_by_every_rule_and_leaves_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in (1, 5):
        random_day(seed, orders=8).write(tmp_path / "days" / f"{seed}o100")
    assert (
        main(["--all", str(tmp_path / "days"), "--out", str(tmp_path / "out"), "--every-rule", "--processes", "1"]) == 0
    )
    table = (tmp_path / "out" / "rules.md").read_text()
    assert table in capsys.readouterr().out
    rows = [line for line in table.splitlines() if line.startswith(("| whole minutes", "| exact travel"))]
    assert len(rows) == 16
    assert "All days: 2" in table
    assert "Seed 5: 1" in table
    out = tmp_path / "out" / "exact-travel-prepositioning-updates" / "5o100"
    assert check(tmp_path / "days" / "5o100", out, exact=True, prepositioning=True, updates=True) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--all", ".", "--policy", "nearest", "--updates"],
        ["--city", "small", "--prepositioning"],
        ["--all", ".", "--foresight", "30", "--every-rule"],
    ],
)
def test_allowances_are_refused_where_they_mean_nothing(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert "public days" in capsys.readouterr().err
