"""Logistic regression in numpy: fitted by Newton's method with a ridge, judged by log loss and calibration.

Iteratively reweighted least squares (Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 4.4.1);
recalibration by a slope and a shift of the log-odds (Platt 1999; Cox 1958).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ITERATIONS = 50
TOLERANCE = 1e-10
BINS = 10
NEEDED = 13.82
"""The 99.9 % quantile of χ² with two degrees of freedom: what recalibration must gain in deviance to be more than chance."""


class NotEnoughData(ValueError):
    """Too few observations, or only one kind of outcome: nothing can be learnt from them."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good probabilities are on outcomes they have not seen.

    log_loss      mean of −log of the probability given to what happened; lower is better
    calibration   mean distance, weighted by their size, between what was promised and what happened, over tenths of the
                  predictions (expected calibration error); 0 is perfect
    n             observations
    """

    log_loss: float
    calibration: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """beta float64[k + 1], intercept and coefficients in log-odds; covariance float64[k + 1, k + 1], by Laplace."""

    beta: Floats
    covariance: Floats


def fit(features: Floats, outcome: Flags, prior: Floats, ridge: float) -> Fitted:
    """The coefficients, drawn towards `prior` by `ridge`.

    `features`: float64[n, k]; `outcome`: bool[n]; `prior`: float64[k + 1]; `ridge`: how many observations the prior weighs,
    each feature counted in its own standard deviations. Raises NotEnoughData.
    """
    n, k = features.shape
    if n < 10 * (k + 1) or outcome.all() or not outcome.any():
        raise NotEnoughData(f"{n} observations with {int(outcome.sum())} acceptances cannot fit {k + 1} coefficients")
    design = np.column_stack((np.ones(n), features))
    scale = np.maximum(design.std(axis=0), 1e-9)
    scale[0] = 1.0
    penalty = ridge * scale**2
    beta = prior.astype(np.float64).copy()
    for _ in range(ITERATIONS):
        p = probability(design @ beta)
        gradient = design.T @ (outcome - p) - penalty * (beta - prior)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        while _loss(design, outcome, beta + step, penalty, prior) > _loss(design, outcome, beta, penalty, prior):
            step = step / 2
            if _small(step * scale):
                return Fitted(beta, _inverse(hessian))
        beta = beta + step
        if _small(step * scale):
            break
    return Fitted(beta, _inverse(hessian))


def _inverse(matrix: Floats) -> Floats:
    return np.linalg.inv(matrix).astype(np.float64)


def _small(step: Floats) -> bool:
    return float(np.abs(step).max()) < TOLERANCE


def recalibrated(log_odds: Floats, outcome: Flags) -> tuple[float, float]:
    """(slope, shift) that make log-odds of outcomes they have not seen honest; (1, 0) where chance explains the difference."""
    if len(outcome) < 10 * 2 or outcome.all() or not outcome.any():
        return 1.0, 0.0
    shift, slope = fit(log_odds[:, None], outcome, np.array((0.0, 1.0)), ridge=1.0).beta.tolist()
    gained = log_loss(probability(log_odds), outcome) - log_loss(probability(shift + slope * log_odds), outcome)
    return (slope, shift) if 2 * len(outcome) * gained > NEEDED and slope > 0 else (1.0, 0.0)


def _loss(design: Floats, outcome: Flags, beta: Floats, penalty: Floats, prior: Floats) -> float:
    """What Newton's method makes small: minus the log likelihood, plus the ridge. log(1 + e^z) without overflow."""
    log_odds = design @ beta
    return float(np.sum(np.logaddexp(0.0, log_odds) - outcome * log_odds) + 0.5 * np.sum(penalty * (beta - prior) ** 2))


def probability(log_odds: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0)))
    return result


def log_loss(predicted: Floats, outcome: Flags) -> float:
    """Mean nats; a probability of 0 or 1 is taken for one in a million."""
    p = np.clip(predicted, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(outcome, np.log(p), np.log(1 - p))))


def quality(predicted: Floats, outcome: Flags) -> Quality:
    """Raises NotEnoughData for nothing to judge by."""
    if not len(outcome):
        raise NotEnoughData("there is no held-out observation to judge by")
    order = np.argsort(predicted, kind="stable")
    off = 0.0
    for part in np.array_split(order, min(BINS, len(order))):
        off += len(part) * abs(float(predicted[part].mean()) - float(outcome[part].mean()))
    return Quality(log_loss(predicted, outcome), off / len(outcome), len(outcome))
