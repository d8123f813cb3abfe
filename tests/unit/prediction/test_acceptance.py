"""The acceptance model learns what is true, says how good it is, and takes over only when it is better."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine.acceptance import Acceptance
from shared.prediction.acceptance import NAMES, UNITS, Observation, coefficients, predict, train
from shared.prediction.logistic import NotEnoughData, quality

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TRUTH = Acceptance("truth", intercept=1.2, history=0.6, approach=-0.12, idle=-0.02, pay=0.9, night=-0.8, attempts=-0.3)


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


def test_a_known_truth_is_recovered() -> None:
    trained = train(offers(60_000), Acceptance(), "trained")
    for name in ("intercept", *NAMES):
        assert getattr(trained.model, name) == pytest.approx(getattr(TRUTH, name), abs=0.05), name
    assert trained.promoted
    assert trained.candidate.calibration < 0.02


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
