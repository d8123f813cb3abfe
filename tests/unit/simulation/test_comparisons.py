"""Intervals cover what they say, and a switchback finds a difference that is there and none that is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from shared.simulation.city.draws import Draws
from shared.simulation.city.orders import End
from shared.simulation.estimate import paired, welch
from shared.simulation.switchback import WASHOUT, Block, Blocks, Switchback, analyse
from tests.unit.simulation.city.towns import TOWN, played

PAIR = ("one", "other")


def test_paired_differences_are_those_of_student() -> None:
    estimate = paired("x", [1.0, 2.0, 3.0, 4.0], [2.0, 2.5, 4.5, 5.0])
    assert (estimate.first, estimate.second, estimate.difference) == (2.5, 3.5, 1.0)
    assert estimate.half_width == pytest.approx(0.6496, abs=1e-3)
    assert estimate.sure


def test_independent_differences_are_those_of_welch() -> None:
    first, second = [20.1, 22.9, 18.8, 20.9, 20.9, 22.7], [27.7, 28.0, 24.4, 25.8]
    estimate, known = (
        welch("x", first, second),
        stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95),
    )
    assert estimate.difference - estimate.half_width == pytest.approx(known.low)
    assert estimate.difference + estimate.half_width == pytest.approx(known.high)
    assert welch("x", [2.0, 2.0], [2.0, 2.0]).half_width == 0.0


def test_one_pair_says_nothing_about_chance() -> None:
    with pytest.raises(ValueError, match="two pairs"):
        paired("x", [1.0], [2.0])
    with pytest.raises(ValueError, match="either side"):
        welch("x", [1.0], [2.0, 3.0])


def test_an_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(5)
    covered = 0
    for _ in range(1_000):
        common, truth = random.normal(0, 10, 8), 1.5
        estimate = paired("x", list(common), list(common + truth + random.normal(0, 1, 8)))
        covered += abs(estimate.difference - truth) <= estimate.half_width
    assert 930 <= covered <= 970


def test_variants_take_turns_by_block_at_random_and_by_region() -> None:
    schedules = [Switchback(PAIR, 600.0, Draws(3, region)) for region in (0, 1)]
    turns = [[schedule(block * 600.0 + 1.0) for block in range(400)] for schedule in schedules]
    assert all(schedules[0](block * 600.0) == schedules[0](block * 600.0 + 599.0) for block in range(50))
    assert all(160 <= turn.count("one") <= 240 for turn in turns)
    assert 150 <= sum(a == b for a, b in zip(*turns, strict=True)) <= 250


def _blocks(effect_min: float, seed: int, count: int = 120) -> list[Block]:
    """Blocks with a level of their own, which makes orders within one hang together."""
    random = np.random.default_rng(seed)
    blocks = []
    for number in range(count):
        variant = PAIR[random.integers(2)]
        minutes = 25.0 + random.normal(0, 2) + (effect_min if variant == "other" else 0.0)
        orders = int(random.integers(20, 60))
        blocks.append(Block(variant, orders, orders, number % 3, orders + 5, minutes * 60 * orders, 120.0 * orders))
    return blocks


def test_a_switchback_covers_the_true_difference_as_often_as_it_says() -> None:
    covered = sum(
        abs(estimate.difference - 1.0) <= estimate.half_width
        for seed in range(300)
        for estimate in analyse(_blocks(1.0, seed), PAIR)
        if estimate.name == "click-to-door"
    )
    assert 273 <= covered <= 297


def test_a_switchback_finds_a_large_difference() -> None:
    [estimate] = [e for e in analyse(_blocks(3.0, 1), PAIR) if e.name == "click-to-door"]
    assert estimate.sure
    assert 2.0 < estimate.difference < 4.0


def test_a_switchback_with_too_few_blocks_says_so() -> None:
    with pytest.raises(ValueError, match="two blocks of each"):
        analyse(_blocks(0.0, 1, count=2), PAIR)


def test_blocks_count_orders_by_when_they_opened_and_leave_out_the_first_minutes() -> None:
    schedule = Switchback(PAIR, 1_800.0, Draws(1, 0))
    blocks = Blocks(schedule)
    orders = played(TOWN).orders
    for order in orders:
        blocks.order(order)
    counted = [o for o in orders if o.end is not End.AGE_CHECK_FAILED and o.opens % 1_800.0 >= WASHOUT * 1_800.0]
    assert sum(block.orders for block in blocks.blocks.values()) == len(counted) < len(orders)
    assert all(block.variant == schedule(number * 1_800.0) for number, block in blocks.blocks.items())
