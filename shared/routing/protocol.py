"""The port of every router."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: what to do at `position` (lat, lng), and how far and long it is to the next one."""

    instruction: str
    position: tuple[float, float]
    distance_m: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way through all points asked for: (lat, lng) in degrees, metres, seconds."""

    geometry: list[tuple[float, float]]
    distance_m: float
    duration_s: float
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Answer:
    """Travel times and who gave them. `seconds` float64[e]; `router`: a name, or several joined by "+", main one first."""

    seconds: Floats
    router: str


class RouterUnavailable(Exception):
    """This router cannot answer now; another one can."""


class Router(Protocol):
    """Travel times and routes. Points are float64[n, 2], (lat, lng) in degrees; empty inputs give empty answers.

    A router that asks others, or may lack an answer, raises RouterUnavailable from any of its methods.
    """

    @property
    def name(self) -> str:
        """What the offer log calls it."""
        ...

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        """float64[n, m] seconds from each of n origins to each of m destinations."""
        ...

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        """float64[e] seconds: the cells (origin, destination) int64[e] of the table that `times` would give.

        Dispatch asks this way, a few drivers per pickup: each point is snapped once, and cells of one destination come
        in runs, ready for a many-to-one search.
        """
        ...

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        """`edge_times`, with the name of the router that found them."""
        ...

    def route(self, points: Floats) -> Route:
        """One way through k ≥ 2 points in their order. Raises ValueError for fewer."""
        ...


RouterAt = Callable[[time], Router]
"""The router for a local time of day."""
