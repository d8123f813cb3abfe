"""Learning who accepts an offer, from the offer log. Pure: observations in, a judged model out.

What a tick chose to offer is no random sample: the likely drivers were asked more often. But all that decided is among
the features, so given them the answers are unbiased (missing at random).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from shared.dispatch.engine.acceptance import Acceptance
from shared.prediction.logistic import (
    Flags,
    Floats,
    NotEnoughData,
    Quality,
    fit,
    log_loss,
    probability,
    quality,
    recalibrated,
)

NAMES = ("history", "approach", "idle", "pay", "night", "attempts")
"""The coefficients of `Acceptance` on single features, in the order of an observation's features."""

PAIRS = (("approach", "pay"), ("approach", "night"), ("idle", "pay"), ("history", "attempts"))
"""Its interactions. A coefficient is named after both."""

COEFFICIENTS = (*NAMES, *(f"{first}_{second}" for first, second in PAIRS))

UNITS = np.array((1.0, 1 / 60.0, 1 / 60.0, 1.0, 1.0, 1.0))
"""From what is logged (seconds) to what a coefficient is per (minutes)."""

RIDGES = (0.25, 1.0, 4.0, 16.0, 64.0)
"""How many observations the incumbent may weigh, in units of standardised features; validation chooses."""

VALIDATION = 0.2
HELD_OUT = 0.25
BETTER_BY = 0.002
"""Nats of log loss by which a candidate must beat the incumbent on offers it has not seen."""

CALIBRATION_SLACK = 0.002
"""What a calibration error may be worse by and still count as no worse: below what a thousand offers could tell."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One offer that was answered or ran out. `features` are in the order of NAMES, times in seconds."""

    at: datetime
    features: tuple[float, float, float, float, float, float]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """`candidate` and `incumbent` judged on the same latest quarter of the offers; promoted only when it is better.

    The candidate that is judged has seen none of them. The incumbent may have: that favours the incumbent.

    standard_errors   of the model's coefficients, by name, as far as chance in the log goes
    """

    model: Acceptance
    standard_errors: dict[str, float]
    candidate: Quality
    incumbent: Quality

    @property
    def promoted(self) -> bool:
        gained = self.incumbent.log_loss - self.candidate.log_loss
        return gained >= BETTER_BY and self.candidate.calibration <= self.incumbent.calibration + CALIBRATION_SLACK


def train(observations: Sequence[Observation], incumbent: Acceptance, version: str) -> Trained:
    """Learn from the earlier three quarters, be judged on the latest one, then learn from all. Raises NotEnoughData."""
    ordered = sorted(observations, key=lambda observation: observation.at)
    features = np.array([observation.features for observation in ordered]).reshape(len(ordered), len(NAMES)) * UNITS
    accepted = np.array([observation.accepted for observation in ordered], dtype=np.bool_)
    judged_from = _first_after(ordered, 1 - HELD_OUT)
    prior = coefficients(incumbent)
    early = _learn(design(features[:judged_from]), accepted[:judged_from], prior)
    later, outcome = features[judged_from:], accepted[judged_from:]
    final = _learn(design(features), accepted, prior)
    errors = np.sqrt(np.diag(final[1]))
    return Trained(
        model=of(final[0], version),
        standard_errors=dict(zip(("intercept", *COEFFICIENTS), errors.tolist(), strict=True)),
        candidate=quality(predict(early[0], later), outcome),
        incumbent=quality(predict(prior, later), outcome),
    )


def _first_after(ordered: Sequence[Observation], share: float) -> int:
    """Where the later part begins: never between offers of one moment, which belong to one tick."""
    split = int(len(ordered) * share)
    while 0 < split < len(ordered) and ordered[split].at == ordered[split - 1].at:
        split += 1
    return split


def _learn(terms: Floats, accepted: Flags, prior: Floats) -> tuple[Floats, Floats]:
    """(coefficients, their covariance). The latest fifth chooses the ridge and says whether probabilities need recalibration."""
    split = int(len(accepted) * (1 - VALIDATION))
    later, outcome = terms[split:], accepted[split:]
    if not len(outcome):
        raise NotEnoughData(f"{len(accepted)} observations are too few to keep some for validation")
    tried = [fit(terms[:split], accepted[:split], prior, ridge).beta for ridge in RIDGES]
    losses = [log_loss(_probability(beta, later), outcome) for beta in tried]
    best = int(np.argmin(losses))
    slope, shift = recalibrated(tried[best][0] + later @ tried[best][1:], outcome)
    fitted = fit(terms, accepted, prior, RIDGES[best])
    beta = slope * fitted.beta
    beta[0] += shift
    return beta, slope**2 * fitted.covariance


def design(features: Floats) -> Floats:
    """float64[n, 10] single features and interactions, of features float64[n, 6] in coefficient units."""
    column = {name: features[:, position] for position, name in enumerate(NAMES)}
    return np.column_stack((features, *(column[first] * column[second] for first, second in PAIRS)))


def predict(beta: Floats, features: Floats) -> Floats:
    """float64[n] for features float64[n, 6] in coefficient units."""
    return _probability(beta, design(features))


def _probability(beta: Floats, terms: Floats) -> Floats:
    return probability(beta[0] + terms @ beta[1:])


def coefficients(model: Acceptance) -> Floats:
    return np.array([model.intercept, *(getattr(model, name) for name in COEFFICIENTS)])


def of(beta: Floats, version: str) -> Acceptance:
    return Acceptance(
        version, float(beta[0]), **{name: float(b) for name, b in zip(COEFFICIENTS, beta[1:], strict=True)}
    )
