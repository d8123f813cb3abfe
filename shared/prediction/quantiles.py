"""Quantiles of many small groups, each drawn towards the group above it as far as chance could explain its own. Pure.

Empirical Bayes by moments (Efron and Morris 1975; Morris 1983): a group's own quantile has a sampling variance
v = α(1 − α) σ² / (n φ(z_α)²), here with the density of a normal at its quantile, and groups differ by a variance τ² of
their own; the estimate keeps τ² / (τ² + v) of the group's distance to the one above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

USUAL = (0.005, 0.995)
"""Quantiles to which values are cut: an order that somebody forgot to close says how long that was, and no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One division of the samples into groups.

    group    int64[n], each sample's group
    parent   int64[groups], each group's row among the groups of the level above; all 0 at the top
    """

    group: Ints
    parent: Ints


def shrunk(values: Floats, weights: Floats, levels: Sequence[Level], shares: Sequence[float]) -> Floats:
    """float64[groups, shares] of the last level, never falling from share to share; a group without samples is its parent.

    `values`, `weights`: float64[n], n at least 1; `shares`: which quantiles, each in (0, 1), ascending.
    """
    everything = np.zeros(len(values), dtype=np.int64)
    values = np.clip(values, *empirical(values, weights, everything, 1, USUAL)[0])
    upper = empirical(values, weights, everything, 1, shares)
    deviation = np.array([share * (1 - share) / _density(share) ** 2 for share in shares])
    for level in levels:
        groups = len(level.parent)
        above = upper[level.parent]
        own = empirical(values, weights, level.group, groups, shares)
        size = effective(weights, level.group, groups)
        seen = size > 0
        noise = deviation * _within(values, weights, level.group, groups) / np.maximum(size, 1e-9)[:, None]
        apart = np.where(seen[:, None], own - above, 0.0)
        spread = np.average(apart[seen] ** 2 - noise[seen], axis=0, weights=size[seen])
        kept = np.maximum(spread, 0.0) / np.maximum(np.maximum(spread, 0.0) + noise, 1e-12)
        upper = np.maximum.accumulate(above + np.where(seen[:, None], kept, 0.0) * apart, axis=1)
    return upper


def empirical(values: Floats, weights: Floats, group: Ints, groups: int, shares: Sequence[float]) -> Floats:
    """float64[groups, shares] weighted quantiles; NaN for a group without samples."""
    order = np.lexsort((values, group))
    ordered, passed = values[order], np.cumsum(weights[order])
    total = np.bincount(group, weights, minlength=groups)
    before = np.cumsum(total) - total
    wanted = before[:, None] + np.asarray(shares) * total[:, None]
    first = np.searchsorted(group[order], np.arange(groups))
    last = np.searchsorted(group[order], np.arange(groups), side="right") - 1
    at = np.clip(np.searchsorted(passed, wanted), first[:, None], np.maximum(last, first)[:, None])
    found = ordered[np.minimum(at, len(ordered) - 1)]
    return np.where((last >= first)[:, None], found, np.nan)


def effective(weights: Floats, group: Ints, groups: int) -> Floats:
    """float64[groups]: how many equal samples weigh as much, (Σ w)² / Σ w² (Kish 1965); 0 for none."""
    total = np.bincount(group, weights, minlength=groups)
    squares = np.bincount(group, weights**2, minlength=groups)
    return np.divide(total**2, squares, out=np.zeros(groups), where=squares > 0)


def recency(age_days: Floats, half_life_days: float) -> Floats:
    """float64[n] weights: one half for each half-life of age."""
    weights: Floats = 0.5 ** (np.maximum(age_days, 0.0) / half_life_days)
    return weights


def pinball(predicted: Floats, real: Floats, shares: Sequence[float]) -> float:
    """Mean loss of quantiles float64[n, shares] on outcomes float64[n]; least for the true ones (Koenker and Bassett 1978)."""
    over = real[:, None] - predicted
    share = np.asarray(shares)
    return float(np.mean(np.maximum(share * over, (share - 1) * over)))


def _within(values: Floats, weights: Floats, group: Ints, groups: int) -> float:
    """The variance inside groups, pooled."""
    total = np.bincount(group, weights, minlength=groups)
    mean = np.divide(
        np.bincount(group, weights * values, minlength=groups), total, out=np.zeros(groups), where=total > 0
    )
    free = max(1.0 - np.count_nonzero(total) / len(values), 1.0 / len(values))
    return float(np.average((values - mean[group]) ** 2, weights=weights)) / free


def _density(share: float) -> float:
    normal = NormalDist()
    return normal.pdf(normal.inv_cdf(share))
