"""The acceptance model learns what is true, says how good it is, and takes over only when it is better."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine.acceptance import Acceptance, Features
from shared.prediction.acceptance import COEFFICIENTS, PAIRS, UNITS, Observation, coefficients, predict, train
from shared.prediction.logistic import NotEnoughData, probability, quality, recalibrated

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TRUTH = Acceptance("truth", intercept=1.2, history=0.6, approach=-0.12, idle=-0.02, pay=0.9, night=-0.8, attempts=-0.3)
ENTANGLED = replace(
    TRUTH, version="entangled", approach_pay=0.05, approach_night=-0.06, idle_pay=0.06, history_attempts=0.2
)


def offers(n: int, truth: Acceptance = TRUTH, seed: int = 1) -> list[Observation]:
    """Offers whose answers follow a known truth."""
    random = np.random.default_rng(seed)
    raw = np.column_stack(
        (
            random.normal(1.5, 1.0, n), random.uniform(30, 1_500, n), random.exponential(200, n),
            random.normal(0, 0.7, n), random.uniform(0, 1, n), random.poisson(0.4, n),
        )
    )  # fmt: skip
    accepted = random.random(n) < predict(coefficients(truth), raw * UNITS)
    return [
        Observation(NOON + timedelta(seconds=40 * number), tuple(map(float, row)), bool(yes))
        for number, (row, yes) in enumerate(zip(raw, accepted, strict=True))
    ]


def test_a_known_truth_is_recovered_within_its_standard_errors() -> None:
    log = offers(60_000, ENTANGLED)
    trained = train(log, Acceptance(), "trained")
    for name in ("intercept", *COEFFICIENTS):
        error = abs(getattr(trained.model, name) - getattr(ENTANGLED, name))
        assert error < 3.5 * trained.standard_errors[name], name
    raw = np.array([observation.features for observation in log]) * UNITS
    found, true = (predict(coefficients(model), raw) for model in (trained.model, ENTANGLED))
    assert float(np.sqrt(np.mean((found - true) ** 2))) < 0.01
    assert trained.promoted
    assert trained.candidate.calibration < 0.02


def test_interactions_are_found_where_they_are_and_not_where_they_are_not() -> None:
    plain, entangled = (train(offers(60_000, truth), Acceptance(), "trained") for truth in (TRUTH, ENTANGLED))
    for first, second in PAIRS:
        name = f"{first}_{second}"
        assert abs(getattr(plain.model, name)) < 3.5 * plain.standard_errors[name]
        assert abs(getattr(entangled.model, name)) > 5 * entangled.standard_errors[name]


def test_a_model_without_interactions_is_beaten_by_one_with_them_where_there_are_any() -> None:
    trained = train(offers(60_000, ENTANGLED), Acceptance(), "trained")
    blind = replace(trained.model, **{f"{first}_{second}": 0.0 for first, second in PAIRS})
    assert train(offers(20_000, ENTANGLED, seed=3), blind, "again").promoted


@pytest.mark.parametrize("model", [Acceptance(), ENTANGLED], ids=lambda model: model.version)
def test_the_engine_and_the_learner_mean_the_same(model: Acceptance) -> None:
    raw = np.array([observation.features for observation in offers(40_000)])
    raw[:, 4] = 0.3
    seen = Features(raw[:, 0], raw[:, 1], raw[:, 2], raw[:, 3], raw[:, 5].astype(np.int64), 0.3)
    assert model.probability(seen) == pytest.approx(np.maximum(predict(coefficients(model), raw * UNITS), 0.05))


def test_a_model_stored_before_there_were_interactions_decides_as_it_did() -> None:
    stored = {"version": "trained-2026", "intercept": 1.0, "history": 0.5, "approach": -0.1, "idle": -0.05, "pay": 0.8,
              "night": -0.5, "attempts": -0.1}  # fmt: skip
    model = Acceptance(**stored)
    raw = np.array([[0.4, 600.0, 120.0, 0.5, 0.7, 2.0]])
    odds = 1.0 + 0.5 * 0.4 - 0.1 * 10 - 0.05 * 2 + 0.8 * 0.5 - 0.5 * 0.7 - 0.1 * 2
    assert predict(coefficients(model), raw * UNITS)[0] == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize(("slope", "shift"), [(0.5, 0.0), (2.0, 0.0), (1.0, -0.7)])
def test_probabilities_that_boast_are_recalibrated_and_honest_ones_left_alone(slope: float, shift: float) -> None:
    random = np.random.default_rng(5)
    said = random.normal(0.5, 1.5, 20_000)
    outcome = random.random(20_000) < probability(shift + slope * said)
    assert recalibrated(said, outcome) == pytest.approx((slope, shift), abs=0.08)
    assert recalibrated(shift + slope * said, outcome) == (1.0, 0.0)


def test_calibration_no_better_than_before_stands_against_promotion() -> None:
    trained = train(offers(6_000), Acceptance(), "trained")
    worse = replace(trained.candidate, calibration=trained.incumbent.calibration + 0.01)
    assert trained.promoted
    assert not replace(trained, candidate=worse).promoted


def test_a_model_that_is_no_better_is_not_promoted() -> None:
    trained = train(offers(4_000), TRUTH, "trained")
    assert not trained.promoted


def test_chance_alone_does_not_promote() -> None:
    promoted = sum(train(offers(400, seed=seed), TRUTH, "trained").promoted for seed in range(20))
    assert promoted <= 2


def test_the_judgement_is_on_offers_that_came_later() -> None:
    """A change of heart in the latest quarter: what was learnt before does not hold, and is not promoted for it."""
    contrary = Acceptance("x", -1.2, -0.6, 0.12, 0.02, -0.9, 0.8, 0.3)
    earlier = offers(3_000)
    later = [
        Observation(observation.at + timedelta(days=30), observation.features, observation.accepted)
        for observation in offers(1_000, contrary, seed=2)
    ]
    trained = train(later + earlier, contrary, "trained")
    assert not trained.promoted


def test_the_order_of_the_log_does_not_matter() -> None:
    log = offers(2_000)
    assert train(log, Acceptance(), "a") == train(log[::-1], Acceptance(), "a")


@pytest.mark.parametrize("log", [[], offers(30), [o for o in offers(4_000) if o.accepted]])
def test_what_cannot_teach_is_refused(log: list[Observation]) -> None:
    with pytest.raises(NotEnoughData):
        train(log, Acceptance(), "trained")


@given(st.floats(0.05, 0.95))
def test_honest_probabilities_are_calibrated_and_dishonest_ones_are_not(rate: float) -> None:
    outcome = np.random.default_rng(7).random(4_000) < rate
    assert quality(np.full(4_000, rate), outcome).calibration < 0.07
    assert quality(np.full(4_000, (rate + 0.5) % 1), outcome).calibration > 0.3
