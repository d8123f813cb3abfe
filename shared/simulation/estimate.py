"""A difference between two policies, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """Means of both, and the second less the first with half of its 95 % confidence interval."""

    name: str
    first: float
    second: float
    difference: float
    half_width: float

    @property
    def sure(self) -> bool:
        """The interval leaves out 0."""
        return abs(self.difference) > self.half_width


def paired(name: str, first: Sequence[float], second: Sequence[float]) -> Estimate:
    """From pairs with common random numbers, by Student's t. Raises ValueError with under two pairs."""
    if len(first) != len(second) or len(first) < 2:
        raise ValueError("a confidence interval needs at least two pairs")
    differences = np.array(second) - np.array(first)
    error = float(differences.std(ddof=1)) / len(differences) ** 0.5
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(differences) - 1)) * error
    return Estimate(name, float(np.mean(first)), float(np.mean(second)), float(differences.mean()), half)


def welch(name: str, first: Sequence[float], second: Sequence[float]) -> Estimate:
    """From two independent samples of unlike variance (Welch, 1947). Raises ValueError with under two values in one."""
    if min(len(first), len(second)) < 2:
        raise ValueError("a confidence interval needs at least two values on either side")
    spread = [float(np.var(sample, ddof=1)) / len(sample) for sample in (first, second)]
    freedom = sum(
        (part**2 / (len(sample) - 1) for part, sample in zip(spread, (first, second), strict=True)), start=0.0
    )
    half = 0.0
    if freedom > 0.0:
        half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, sum(spread) ** 2 / freedom)) * sum(spread) ** 0.5
    means = float(np.mean(first)), float(np.mean(second))
    return Estimate(name, *means, means[1] - means[0], half)


def table(estimates: Sequence[Estimate], variants: tuple[str, str], title: str, units: dict[str, str]) -> Table:
    """For the terminal; a difference that the interval separates from 0 is bold."""
    shown = Table(title=title, box=None, padding=(0, 1, 0, 0))
    shown.add_column("", no_wrap=True)
    for head in (*variants, "difference", "95 %"):
        shown.add_column(head, justify="right", no_wrap=True)
    shown.add_column("", no_wrap=True)
    for e in estimates:
        cells = (f"{e.first:.2f}", f"{e.second:.2f}", f"{e.difference:+.2f}", f"± {e.half_width:.2f}")
        shown.add_row(e.name, *cells, units.get(e.name, ""), style="bold" if e.sure else None)
    return shown
