"""The dispatch policies that simulated cities can be played with: named `Parameters` of the live engine."""

from __future__ import annotations

from collections.abc import Callable

from shared.dispatch.engine import Parameters, Policy

variants: dict[str, Parameters] = {
    "min_cost_flow": Parameters(),
    "weighted_score": Parameters(policy=Policy.SCORECARD),
}

Schedule = Callable[[float], str]
"""Which variant decides at a moment, seconds since the first midnight."""


def always(variant: str) -> Schedule:
    """One variant throughout."""
    return lambda moment: variant
