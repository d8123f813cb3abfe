"""The dispatch policies that simulated cities can be played with: named `Parameters` of the live engine."""

from __future__ import annotations

from collections.abc import Callable

from shared.dispatch.engine import Parameters, Policy, Timing

variants: dict[str, Parameters] = {
    "min_cost_flow": Parameters(),
    "weighted_score": Parameters(policy=Policy.WEIGHTED_SCORE),
    "nearest": Parameters(policy=Policy.NEAREST),
    "holding": Parameters(timing=Timing(hold=True)),
    "just_in_time": Parameters(timing=Timing(just_in_time=True)),
    "holding_just_in_time": Parameters(timing=Timing(hold=True, just_in_time=True)),
}

Schedule = Callable[[float], str]
"""Which variant decides at a moment, seconds since the first midnight."""


def always(variant: str) -> Schedule:
    """One variant throughout."""
    return lambda moment: variant
