"""Which requests to take out together: neighbours in place and time, so that what is put back has something to exchange."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.planner.tours import Stops

SMALLEST = 10
"""How many requests are taken out at least; of few requests a part, so that something is left to start from."""

BLUR = 0.3
"""How far the ranking of neighbours is disturbed, so that one seed gives many neighbourhoods."""

CLOCK = 0.2
"""Seconds on the way that a second between two windows counts as."""

FAR_S = 1e5
"""A window that opens before now or closes later than this counts as one that does so now or then."""


def relatedness(stops: Stops) -> Floats:
    """float64[requests, requests]: seconds between two requests, on the way and on the clock (Shaw, "Using constraint
    programming and local search methods to solve vehicle routing problems", 1998)."""
    n, travel_s = stops.requests, stops.routing.travel_s[np.ix_(stops.place, stops.place)]
    ways_s = travel_s + travel_s.T
    middle_s = (np.maximum(stops.open_s, 0.0) + np.minimum(stops.close_s, FAR_S)) / 2.0
    apart_s = np.abs(middle_s[:, None] - middle_s)
    crossed_s = ways_s[:n, n:]
    ways_s = ways_s[:n, :n] + ways_s[n:, n:] + np.minimum(crossed_s, crossed_s.T)
    related: Floats = ways_s + CLOCK * (apart_s[:n, :n] + apart_s[n:, n:])
    return related


def neighbours(related: Floats, seed: int, largest: int, random: np.random.Generator) -> list[int]:
    """A request and some of those most like it, `largest` at most."""
    distance = related[seed] * (1.0 + BLUR * random.random(len(related)))
    distance[seed] = -1.0
    most = max(1, min(largest, 2 * len(related) // 3))
    least = max(1, min(SMALLEST, len(related) // 4))
    chosen: list[int] = np.argsort(distance)[: int(random.integers(least, most + 1))].tolist()
    return chosen
