"""Times are learnt as distributions: what is known of many stores helps the few orders of one, and quantiles keep their word."""

import numpy as np
import pytest

from shared.orders.eta import BANDS_M, at_order, at_pickup, on_the_way_s
from shared.prediction import eta, preparation
from shared.prediction.logistic import NotEnoughData
from shared.prediction.quantiles import Level, empirical, pinball, recency, shrunk
from shared.routing.geo import travel_time_s

Z80, Z90 = 0.8416, 1.2816


def groups(sizes: np.ndarray, seed: int, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(values, group of each, true median of each group): normal with deviation 1 around medians that differ by `spread`."""
    random = np.random.default_rng(seed)
    medians = random.normal(5.0, spread, len(sizes))
    group = np.repeat(np.arange(len(sizes)), sizes)
    return random.normal(medians[group], 1.0), group, medians


def one_level(group: np.ndarray, count: int) -> list[Level]:
    return [Level(group, np.zeros(count, dtype=np.int64))]


def test_shrinking_is_nearer_to_the_truth_than_each_group_alone_and_than_all_together() -> None:
    values, group, medians = groups(np.random.default_rng(0).integers(1, 30, 300), seed=1, spread=0.5)
    found = shrunk(values, np.ones(len(values)), one_level(group, 300), (0.5,))[:, 0]
    alone = empirical(values, np.ones(len(values)), group, 300, (0.5,))[:, 0]
    error = [float(np.mean((guess - medians) ** 2)) for guess in (found, alone, np.full(300, np.median(values)))]
    assert error[0] < 0.75 * min(error[1:])


def test_groups_that_do_not_differ_are_taken_together() -> None:
    values, group, _ = groups(np.full(100, 8), seed=2, spread=0.0)
    found = shrunk(values, np.ones(800), one_level(group, 100), (0.5, 0.9))
    assert found[:, 0].std() < 0.1
    assert found.mean(axis=0) == pytest.approx([5.0, 5.0 + Z90], abs=0.15)


def test_a_group_without_samples_is_its_parent_and_quantiles_never_cross() -> None:
    values, group, _ = groups(np.array([5, 3, 40]), seed=3)
    found = shrunk(values, np.ones(48), one_level(group, 4), (0.1, 0.5, 0.9))
    assert found[3] == pytest.approx(empirical(values, np.ones(48), np.zeros(48, dtype=int), 1, (0.1, 0.5, 0.9))[0])
    assert np.all(np.diff(found, axis=1) >= 0)


def test_one_forgotten_order_does_not_move_the_only_group_it_is_in() -> None:
    values, group, _ = groups(np.array([400, 1]), seed=5, spread=0.0)
    values[-1] = -1_000.0
    found = shrunk(values, np.ones(401), one_level(group, 2), (0.5,))
    assert found[:, 0] == pytest.approx([5.0, 5.0], abs=1.5)


def test_old_samples_count_less() -> None:
    assert recency(np.array([0.0, 14.0, 28.0]), 14.0).tolist() == [1.0, 0.5, 0.25]
    values = np.array([10.0] * 50 + [20.0] * 50)
    weights = recency(np.array([60.0] * 50 + [0.0] * 50), 14.0)
    assert empirical(values, weights, np.zeros(100, dtype=int), 1, (0.5,))[0, 0] == 20.0


def test_no_other_quantile_loses_less_than_the_true_one() -> None:
    values = np.random.default_rng(4).normal(0, 1, 20_000)
    losses = [pinball(np.full((20_000, 1), guess), values, (0.8,)) for guess in (Z80 - 0.2, Z80, Z80 + 0.2)]
    assert min(losses) == losses[1]


STORES = 40


def prepared(
    n: int, seed: int = 1, announced_s: float = 900.0, spread: float = 0.4
) -> tuple[preparation.Samples, np.ndarray]:
    """(samples, true medians float64[stores, 24]): lognormal around a store's own time, longer at noon, over 60 days."""
    random = np.random.default_rng(seed)
    own = 600.0 * np.exp(random.normal(0, spread, STORES))
    rush = 1.0 + 0.3 * np.exp(-0.5 * ((np.arange(24) - 12) / 2.0) ** 2)
    medians = own[:, None] * rush
    store, hour = (
        random.choice(STORES, n, p=np.arange(1, STORES + 1) / np.arange(1, STORES + 1).sum()),
        random.integers(8, 23, n),
    )
    samples = preparation.Samples(
        at_s=random.uniform(0, 60 * 86_400, n), store=store, region=np.zeros(STORES, dtype=np.int64), hour=hour,
        announced_s=np.full(n, announced_s), real_s=medians[store, hour] * np.exp(random.normal(0, 0.25, n)),
    )  # fmt: skip
    return samples, medians


def test_the_preparation_of_each_store_and_hour_is_found() -> None:
    samples, medians = prepared(40_000)
    trained = preparation.train(samples)
    off = np.abs(np.log(trained.times_s[:, 8:23, 0] / medians[:, 8:23]))
    assert off.mean() < 0.05
    assert trained.known.all()
    assert trained.promoted
    assert trained.candidate.error_s < 0.6 * trained.incumbent.error_s


def test_quantiles_of_preparation_hold_on_later_orders() -> None:
    trained = preparation.train(prepared(40_000)[0])
    assert trained.candidate.coverage == pytest.approx({"p50": 0.5, "p80": 0.8, "p90": 0.9}, abs=0.02)


def test_a_store_with_few_orders_keeps_its_own_setting() -> None:
    samples, _ = prepared(1_000)
    _, known = preparation.learn(samples)
    counts = np.bincount(samples.store, minlength=STORES)
    assert not known[counts < preparation.FEWEST_OF_STORE].any()
    assert known.any()


def test_announcements_that_cannot_be_beaten_stay() -> None:
    samples, medians = prepared(20_000)
    honest = preparation.Samples(
        samples.at_s, samples.store, samples.region, samples.hour, medians[samples.store, samples.hour], samples.real_s
    )
    assert not preparation.train(honest).promoted


def arrived(n: int, seed: int = 1, noise_s: float = 60.0, told_off_s: float = 240.0) -> tuple[eta.Samples, np.ndarray]:
    """(samples, true bias of each): late with pressure, by the hour and with the distance, over 60 days."""
    random = np.random.default_rng(seed)
    hour, metres = random.integers(8, 23, n), np.exp(random.normal(np.log(2_500), 0.6, n))
    pressure = random.choice([0.0, 1.0, 4.0], n, p=[0.6, 0.3, 0.1])
    band = np.digitize(metres, BANDS_M)
    bias_s = 30.0 + 80.0 * pressure + 20.0 * band * (1 + (hour == 18))
    rule_s = np.array([at_order(600.0, way, 0.0, None).rule_s for way in metres])
    real_s = rule_s + bias_s + random.normal(0, noise_s, n)
    at_s = random.uniform(0, 60 * 86_400, n)
    return eta.Samples(at_s, hour, metres, pressure, rule_s, rule_s + told_off_s, real_s), bias_s


def test_the_bias_of_each_hour_distance_and_pressure_is_found_and_its_quantiles_hold() -> None:
    samples, bias_s = arrived(40_000)
    trained = eta.train(samples)
    off_s = eta.predict(trained.offsets_s, samples)[:, 1] - samples.rule_s - bias_s
    assert float(np.mean(np.abs(off_s))) < 10.0
    assert trained.candidate.coverage == pytest.approx({"p10": 0.1, "p50": 0.5, "p90": 0.9}, abs=0.02)
    assert trained.promoted


def test_coverage_holds_in_each_state_and_not_only_on_average() -> None:
    samples, _ = arrived(60_000)
    predicted = eta.predict(eta.learn(samples), samples)
    for level in (0.0, 1.0, 4.0):
        chosen = samples.pressure == level
        inside = (samples.real_s >= predicted[:, 0]) & (samples.real_s <= predicted[:, 2])
        assert float(inside[chosen].mean()) == pytest.approx(0.8, abs=0.02), level


def test_nine_in_ten_arrive_within_three_minutes_where_chance_allows_it() -> None:
    """A normal error of 105 s keeps 91 % within 180 s, if nothing but chance is left of it."""
    trained = eta.train(arrived(40_000, noise_s=105.0)[0])
    assert trained.candidate.close >= 0.90
    assert trained.incumbent.close < 0.75


def test_a_model_that_was_right_already_is_not_replaced() -> None:
    samples, bias_s = arrived(20_000)
    right = eta.Samples(samples.at_s, samples.hour, samples.metres, samples.pressure, samples.rule_s,
                        samples.rule_s + bias_s, samples.real_s)  # fmt: skip
    assert not eta.train(right).promoted


def test_what_was_learnt_says_the_same_where_it_is_used() -> None:
    samples, _ = arrived(20_000)
    offsets_s = eta.learn(samples)
    predicted = eta.predict(offsets_s, samples)
    for row in range(200):
        told = at_order(600.0, samples.metres[row], samples.pressure[row], offsets_s[samples.hour[row]].tolist())
        assert (told.early_s, told.likely_s, told.late_s) == pytest.approx(tuple(predicted[row]))


@pytest.mark.parametrize("n", [0, 99])
def test_few_orders_teach_nothing(n: int) -> None:
    with pytest.raises(NotEnoughData):
        eta.train(arrived(n)[0])
    with pytest.raises(NotEnoughData):
        preparation.train(prepared(n)[0])


def test_without_a_model_the_rule_stands_in_a_window_of_twenty_minutes() -> None:
    told = at_order(600.0, 2_000.0, 3.0, None)
    assert told.likely_s == told.rule_s == 600 + 300 + travel_time_s(2_000)
    assert told.late_s - told.early_s == 1_200
    assert at_order(60.0, 2_000.0, 0.0, None).rule_s == 240 + 300 + travel_time_s(2_000), "the driver comes last"


def test_the_correction_of_a_way_shrinks_with_what_is_left_of_it() -> None:
    late = [[[-30.0, 60.0, 120.0]] * eta.PRESSURE_BANDS] * eta.BANDS
    whole_s = at_pickup(2_000.0, late).likely_s
    assert whole_s == pytest.approx(travel_time_s(2_000) + 60)
    assert on_the_way_s(2_000.0, 2_000.0, late) == pytest.approx(whole_s)
    assert on_the_way_s(500.0, 2_000.0, late) < whole_s
    assert on_the_way_s(0.0, 2_000.0, late) == 0.0
    assert on_the_way_s(0.0, 0.0, late) == 0.0
