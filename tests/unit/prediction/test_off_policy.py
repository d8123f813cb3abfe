"""What another rule would have got is told from a log of this one, with an honest interval."""

from dataclasses import replace

import numpy as np
import pytest

from shared.prediction.off_policy import Decisions, Evaluation, evaluate

DRIVERS = 4


def logged(n: int, seed: int, *, rate: float = 0.3, model_bias: float = 0.0) -> tuple[Decisions, float]:
    """A log of a rule that mostly asks the nearest driver, and the true value of asking the best paid one.

    Distance and pay decide who accepts; the nearest is seldom the best paid, so what was seen is not what would be.
    `model_bias` falsifies the outcome model.
    """
    random = np.random.default_rng(seed)
    way, pay = random.uniform(0, 20, (n, DRIVERS)), random.normal(0, 1, (n, DRIVERS))
    accepts = 1 / (1 + np.exp(-(0.5 - 0.06 * way + 0.9 * pay)))
    nearest, best = way.argmin(axis=1), pay.argmax(axis=1)
    rows = np.arange(n)
    chance = np.full((n, DRIVERS), rate / DRIVERS)
    chance[rows, nearest] += 1 - rate
    drawn = (random.random(n)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    log = Decisions(
        cluster=rows // 3,
        propensity=chance[rows, drawn],
        target=(drawn == best).astype(np.float64),
        reward=(random.random(n) < accepts[rows, drawn]).astype(np.float64),
        modelled=accepts[rows, drawn] + model_bias,
        counterfactual=accepts[rows, best] + model_bias,
    )
    return log, float(accepts[rows, best].mean())


def covers(found: Evaluation, name: str, truth: float) -> bool:
    estimate = getattr(found, name)
    return bool(estimate.low <= truth <= estimate.high)


@pytest.mark.parametrize("model_bias", [0.0, 0.2], ids=["a true model", "a false model"])
def test_the_estimators_cover_the_truth_and_the_naive_one_does_not(model_bias: float) -> None:
    runs = [logged(3_000, seed, model_bias=model_bias) for seed in range(100)]
    found = [(evaluate(log), truth) for log, truth in runs]
    for name in ("ips", "snips", "doubly_robust"):
        assert sum(covers(one, name, truth) for one, truth in found) >= 88, name
    assert sum(covers(one, "naive", truth) for one, truth in found) == 0


def test_a_true_model_narrows_the_interval() -> None:
    log, _ = logged(5_000, seed=1)
    found = evaluate(log)
    width = {name: getattr(found, name).high - getattr(found, name).low for name in ("ips", "doubly_robust")}
    assert width["doubly_robust"] < width["ips"]


def test_the_rule_that_was_logged_is_worth_what_was_seen() -> None:
    log, _ = logged(2_000, seed=2)
    same = evaluate(replace(log, target=log.propensity, counterfactual=log.modelled))
    assert same.ips == same.naive == same.snips
    assert same.doubly_robust.value == pytest.approx(same.naive.value)
    assert same.effective == pytest.approx(len(log))
    assert same.warnings == []


def test_what_was_never_tried_is_noticed() -> None:
    log, _ = logged(2_000, seed=3)
    found = evaluate(replace(log, target=np.zeros(len(log))))
    assert (found.support, found.effective) == (0.0, 0.0)
    assert len(found.warnings) == 2
    assert found.doubly_robust.value == pytest.approx(log.counterfactual.mean()), "only the model speaks"


def test_too_few_decisions_are_noticed() -> None:
    log, _ = logged(60, seed=4)
    assert any("exploration.rate" in sentence for sentence in evaluate(log).warnings)


def test_a_rare_decision_does_not_decide_alone() -> None:
    log, _ = logged(2_000, seed=5)
    rare = log.propensity.copy()
    rare[0] = 1e-6
    outlier = replace(log, propensity=rare, target=np.ones(len(log)), reward=np.ones(len(log)))
    found = evaluate(outlier)
    assert found.clipped == pytest.approx(1 / 2_000)
    assert found.ips.value < 10


def test_decisions_that_belong_together_count_as_one() -> None:
    log, _ = logged(300, seed=6)
    doubled = Decisions(**{name: np.repeat(getattr(log, name), 4) for name in log.__dataclass_fields__})
    assert evaluate(doubled).ips.high == pytest.approx(evaluate(log).ips.high)


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.1, float("nan")])
def test_an_impossible_propensity_is_refused(propensity: float) -> None:
    log, _ = logged(10, seed=7)
    with pytest.raises(ValueError, match="propensities"):
        replace(log, propensity=np.full(10, propensity))


def test_nothing_can_be_told_from_an_empty_log() -> None:
    nothing = np.zeros(0)
    with pytest.raises(ValueError, match="no decision"):
        evaluate(Decisions(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, nothing, nothing))
