"""What another rule would have got, told from decisions that this one made and rolled dice for. Pure.

A decision was logged with its propensity, the probability of what was done given all that was known; the other rule's
probability of doing the same is `target`. Their ratio w weighs the outcomes that were seen.

    naive  mean of r, which takes what was chosen for what would be chosen
    IPS    mean of w·r                                             (Horvitz and Thompson 1952)
    SNIPS  Σ w·r / Σ w                                             (Swaminathan and Joachims 2015)
    DR     mean of q(x, π) + w·(r − q(x, a)), with a model q of r   (Dudík, Langford and Li 2011)

Variances are those of each estimator's influence, summed by cluster: decisions of one tick share their drivers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLIP = 100.0
"""No decision weighs more: a rare one would otherwise decide alone (Ionides 2008). SNIPS and DR lose little by it."""

NORMAL = 1.96
"""Standard errors on either side of a 95 % interval."""

ENOUGH_SUPPORT = 0.9
ENOUGH_DECISIONS = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Logged decisions, all of shape [n].

    cluster      which of them belong together, like those of one tick
    propensity   of what was done, given what was known; above 0
    target       probability with which the other rule does the same
    reward       what came of it
    modelled     q(x, a), what a model expects of what was done
    counterfactual   q(x, π), what it expects of what the other rule does
    """

    cluster: Ints
    propensity: Floats
    target: Floats
    reward: Floats
    modelled: Floats
    counterfactual: Floats

    def __post_init__(self) -> None:
        if not np.all((self.propensity > 0) & (self.propensity <= 1)):
            raise ValueError("propensities must be above 0 and at most 1")
        if len({len(getattr(self, name)) for name in self.__dataclass_fields__}) > 1:
            raise ValueError("the columns of decisions must be equally long")

    def __len__(self) -> int:
        return len(self.reward)


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` and `high` frame the value with 95 % confidence, NaN where there are fewer than two clusters."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Estimates of one outcome under the other rule.

    decisions   how many were logged
    effective   how many equally weighed ones would tell as much: (Σ w)² / Σ w² (Kish 1965)
    support     mean weight: the share of what the other rule does that was ever tried; 1 but for chance when all was
    clipped     share of the decisions whose weight was cut
    """

    naive: Estimate
    ips: Estimate
    snips: Estimate
    doubly_robust: Estimate
    decisions: int
    effective: float
    support: float
    clipped: float

    @property
    def warnings(self) -> list[str]:
        """Why the estimates should not be believed, in sentences; empty when they may be."""
        told = []
        if self.effective < ENOUGH_DECISIONS:
            told.append(
                f"The log says as much about these parameters as {self.effective:.0f} decisions would; at least "
                f"{ENOUGH_DECISIONS:.0f} are wanted. Take more days, or raise exploration.rate."
            )
        if self.support < ENOUGH_SUPPORT:
            told.append(
                f"Only {self.support:.0%} of what these parameters would do was ever tried. The rest rests on the acceptance "
                "model alone: believe no more than the doubly robust estimate, and test the parameters in the simulator."
            )
        return told


def evaluate(log: Decisions, clip: float = CLIP) -> Evaluation:
    """Raises ValueError for an empty log."""
    if not len(log):
        raise ValueError("there is no decision to learn from")
    full = log.target / log.propensity
    weight = np.minimum(full, clip)
    total = float(weight.sum())
    snips = float((weight * log.reward).sum()) / total if total else float("nan")
    robust = log.counterfactual + weight * (log.reward - log.modelled)
    normalised = weight * (log.reward - snips) * (len(log) / total if total else float("nan"))
    return Evaluation(
        naive=_mean(log.reward, log.cluster),
        ips=_mean(weight * log.reward, log.cluster),
        snips=_around(snips, normalised, log.cluster),
        doubly_robust=_mean(robust, log.cluster),
        decisions=len(log),
        effective=total**2 / float((weight**2).sum()) if total else 0.0,
        support=float(weight.mean()),
        clipped=float(np.mean(full > clip)),
    )


def _mean(values: Floats, cluster: Ints) -> Estimate:
    mean = float(values.mean())
    return _around(mean, values - mean, cluster)


def _around(value: float, influence: Floats, cluster: Ints) -> Estimate:
    """`influence`: float64[n], how far each decision moves the value times n; sums to 0."""
    _, position = np.unique(cluster, return_inverse=True)
    sums = np.bincount(position, weights=influence)
    if len(sums) < 2:
        return Estimate(value, float("nan"), float("nan"))
    error = float(np.sqrt(len(sums) / (len(sums) - 1) * np.sum(sums**2))) / len(influence)
    return Estimate(value, value - NORMAL * error, value + NORMAL * error)
