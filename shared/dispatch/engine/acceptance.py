"""p_accept: the probability that a driver takes an offer, as a logistic regression.

The defaults are a heuristic set by hand; a trained model is the same object with fitted coefficients and its version.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints

FLOOR = 0.05
"""No pair is believed to be less likely than this: a cost divided by it stays comparable."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Coefficients in log-odds.

    version      named in every plan
    intercept    of an idle driver with even history next to the store, at noon, for median pay
    history      per log-odds of the driver's share of accepted offers
    approach     per minute of travel to the pickup
    idle         per minute of waiting for the goods
    pay          per doubling of what the job pays an hour against the region's median
    night        at 03:00; half of it at 21:00 and 09:00, nothing at 15:00
    attempts     per offer of this job that failed already
    """

    version: str = "heuristic-1"
    intercept: float = 2.2
    history: float = 0.8
    approach: float = -0.06
    idle: float = -0.04
    pay: float = 0.5
    night: float = -0.4
    attempts: float = -0.15

    def probability(self, features: Features) -> Floats:
        """float64[edges] in [0.05, 1]."""
        log_odds = (
            self.intercept
            + self.history * features.history
            + self.approach / 60.0 * features.approach_s
            + self.idle / 60.0 * features.idle_s
            + self.pay * features.pay_doublings
            + self.night * features.night
            + self.attempts * features.attempts
        )
        return np.clip(1.0 / (1.0 + np.exp(-log_odds)), FLOOR, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What an acceptance model sees of each pair; one value per edge, `night` one for all."""

    history: Floats
    approach_s: Floats
    idle_s: Floats
    pay_doublings: Floats
    attempts: Ints
    night: float


def history(acceptance: Floats) -> Floats:
    """Log-odds of a share of accepted offers, the share kept within [0.05, 0.95]; 0 at one half."""
    share = np.clip(acceptance, 0.05, 0.95)
    return np.log(share / (1.0 - share))


def pay_doublings(payout_minor: Ints, work_s: Floats, median_paid_rate: float) -> Floats:
    """log2 of a job's hourly pay over the region's median, within [-2, 2]; 0 where there is no median yet."""
    if median_paid_rate <= 0.0:
        return np.zeros(len(payout_minor))
    hourly = payout_minor * 3_600.0 / np.maximum(work_s, 60.0)
    return np.clip(np.log2(np.maximum(hourly, 1e-9) / median_paid_rate), -2.0, 2.0)


def night(hour_of_day: float) -> float:
    """1 at 03:00, 0 at 15:00, a cosine between."""
    return float(0.5 + 0.5 * np.cos((hour_of_day - 3.0) / 24.0 * 2.0 * np.pi))
