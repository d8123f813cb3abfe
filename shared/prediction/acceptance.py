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
from shared.prediction.logistic import Floats, Quality, fit, probability, quality

NAMES = ("history", "approach", "idle", "pay", "night", "attempts")
"""The coefficients of `Acceptance`, beside its intercept, in the order of an observation's features."""

UNITS = np.array((1.0, 1 / 60.0, 1 / 60.0, 1.0, 1.0, 1.0))
"""From what is logged (seconds) to what a coefficient is per (minutes)."""

RIDGE = 4.0
HELD_OUT = 0.25
BETTER_BY = 0.002
"""Nats of log loss by which a candidate must beat the incumbent on offers it has not seen."""

CALIBRATION_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Observation:
    """One offer that was answered or ran out. `features` are in the order of NAMES, times in seconds."""

    at: datetime
    features: tuple[float, float, float, float, float, float]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """`candidate` and `incumbent` judged on the same latest quarter of the offers; promoted only when it is better."""

    model: Acceptance
    candidate: Quality
    incumbent: Quality

    @property
    def promoted(self) -> bool:
        gained = self.incumbent.log_loss - self.candidate.log_loss
        return gained >= BETTER_BY and self.candidate.calibration <= self.incumbent.calibration + CALIBRATION_SLACK


def train(observations: Sequence[Observation], incumbent: Acceptance, version: str) -> Trained:
    """Fit on the earlier three quarters, judge on the latest one, then fit on all. Raises NotEnoughData."""
    ordered = sorted(observations, key=lambda observation: observation.at)
    features = np.array([observation.features for observation in ordered]).reshape(len(ordered), len(NAMES)) * UNITS
    accepted = np.array([observation.accepted for observation in ordered], dtype=np.bool_)
    split = int(len(ordered) * (1 - HELD_OUT))
    prior = coefficients(incumbent)
    early = fit(features[:split], accepted[:split], prior, RIDGE)
    later, outcome = features[split:], accepted[split:]
    return Trained(
        model=of(fit(features, accepted, prior, RIDGE), version),
        candidate=quality(predict(early, later), outcome),
        incumbent=quality(predict(prior, later), outcome),
    )


def predict(beta: Floats, features: Floats) -> Floats:
    """float64[n] for features float64[n, 6] in coefficient units."""
    return probability(beta[0] + features @ beta[1:])


def coefficients(model: Acceptance) -> Floats:
    return np.array([model.intercept, *(getattr(model, name) for name in NAMES)])


def of(beta: Floats, version: str) -> Acceptance:
    return Acceptance(version, float(beta[0]), **{name: float(b) for name, b in zip(NAMES, beta[1:], strict=True)})
