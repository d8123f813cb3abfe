"""The engine's inner loops, where numpy has no word for what they do: plain Python over arrays, compiled by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call with its types, or load what an earlier process compiled; it runs without the interpreter's
    lock. What the function calls must be compiled too."""
    return cast(Callable[P, R], njit(cache=True, nogil=True)(function))
