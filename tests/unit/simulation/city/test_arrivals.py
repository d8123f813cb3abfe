"""Arrival times that are learnt from a city's first days are truer on the days after them, and the command says by how much."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.prediction.logistic import NotEnoughData
from shared.simulation.city.arrivals import knowable, truth
from shared.simulation.city.draws import Draws
from shared.simulation.city.eta import Seen
from shared.simulation.city.learner import Learner
from shared.simulation.city.orders import End
from shared.simulation.city.places import Places
from shared.simulation.command import main
from tests.unit.simulation.city.towns import CALM, TOWN, played

SEEN = Seen(store=0, hour=12.5, announced_s=900.0, metres=2_000.0, waiting=0, idle=4)


def test_the_command_shows_both_times_and_what_nobody_can_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--city", "small", "--days", "4", "--learn-arrivals", "3", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    shares = [
        float(word.rstrip("%"))
        for line in said.splitlines()
        if "at the order" in line
        for word in line.split()
        if "%" in word
    ]
    rule, learnt, possible = shares[0], shares[1], shares[-1]
    assert rule < learnt <= possible


def test_a_day_must_be_left_to_judge_by(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--city", "small", "--days", "3", "--learn-arrivals", "3"]) == 2
    assert "--days of at least 4" in capsys.readouterr().err


def test_before_it_has_learnt_it_says_what_the_rule_says_and_few_orders_teach_nothing() -> None:
    learner = Learner(stores=2)
    assert learner.at_order(SEEN) > SEEN.announced_s
    with pytest.raises(NotEnoughData):
        learner.learn()


def test_a_store_that_announces_too_much_is_believed_less_once_it_is_known() -> None:
    learner, town = Learner(stores=5), replace(TOWN, noise=CALM)
    for order in played(town, days=4).orders:
        learner.order(replace(order, announced_s=order.announced_s + 600.0))
    before_s = learner.at_order(SEEN)
    learner.learn()
    assert learner.at_order(SEEN) < before_s - 120.0


def test_without_chance_everything_can_be_known() -> None:
    town = replace(TOWN, noise=CALM)
    delivered = [order for order in played(town).orders if order.end is End.DELIVERED]
    assert knowable(Places.of(town, 0, Draws(1, 0)), delivered) == 1.0
    assert truth(delivered).at_pickup == 1.0
