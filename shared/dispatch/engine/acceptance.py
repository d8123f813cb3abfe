"""p_accept: the probability that a driver takes an offer, as a logistic regression.

The defaults are a heuristic set by hand; a trained model is the same object with fitted coefficients and its version.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints

FLOOR = 0.05
"""No pair is believed to be less likely than this: a cost divided by it stays comparable."""

BLOCK = 16_384
"""Edges that are priced at once."""


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

    The rest are interactions: how much the first grows with the second, in the units above. 0 says that they stand apart,
    which is also what a model says that was stored before there were any.

    approach_pay      a long way for good pay
    approach_night    a long way at night
    idle_pay          a long wait for good pay
    history_attempts  a willing driver before a job that others left
    """

    version: str = "heuristic-1"
    intercept: float = 2.2
    history: float = 0.8
    approach: float = -0.06
    idle: float = -0.04
    pay: float = 0.5
    night: float = -0.4
    attempts: float = -0.15
    approach_pay: float = 0.0
    approach_night: float = 0.0
    idle_pay: float = 0.0
    history_attempts: float = 0.0

    def probability(self, features: Features) -> Floats:
        """float64[edges] in [0.05, 1]. A block at a time, so that what is between input and output stays in the cache."""
        p = np.empty(len(features.approach_s))
        for start in range(0, len(p), BLOCK):
            part = slice(start, start + BLOCK)
            self._log_odds(features, part, p[part])
            np.negative(p[part], out=p[part])
            np.exp(p[part], out=p[part])
            p[part] += 1.0
            np.divide(1.0, p[part], out=p[part])
        return np.maximum(p, FLOOR, out=p)

    def _log_odds(self, features: Features, part: slice, out: Floats) -> None:
        """Units and the hour are folded into the coefficients, one number each for the whole block."""
        approach_s, idle_s, history = features.approach_s[part], features.idle_s[part], features.history[part]
        attempts = features.attempts[part].astype(np.float64)
        pay = approach_s * (self.approach_pay / 60.0)
        pay += idle_s * (self.idle_pay / 60.0)
        pay += self.pay
        pay *= features.pay_doublings[part]
        willing = attempts * self.history_attempts
        willing += self.history
        willing *= history
        attempts *= self.attempts
        np.multiply(approach_s, (self.approach + self.approach_night * features.night) / 60.0, out=out)
        out += idle_s * (self.idle / 60.0)
        out += pay
        out += willing
        out += attempts
        out += self.intercept + self.night * features.night


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
