"""Learning how long stores take to prepare an order, by the hour, from orders that became ready. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.prediction.logistic import NotEnoughData
from shared.prediction.quantiles import Floats, Ints, Level, effective, pinball, recency, shrunk

SHARES = (0.5, 0.8, 0.9)
HALF_LIFE_DAYS = 14.0
HELD_OUT = 0.25
FEWEST = 100
"""Orders without which nothing is learnt."""

FEWEST_OF_STORE = 20.0
"""Orders, old ones counted less, below which a store's own setting is believed more than the model."""

SHORTEST_S = 30.0
"""A merchant who marks goods ready sooner has only then found the button."""

BETTER_BY = 0.01
"""Share of the present error by which a candidate must be better."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Orders that became ready, all columns [n].

    at_s          when they were accepted, seconds of any clock
    store         row of the store
    region        row of the region of each store, int64[stores]
    hour          local hour of acceptance, 0 to 23
    announced_s   what was believed then
    real_s        from acceptance to ready goods
    """

    at_s: Floats
    store: Ints
    region: Ints
    hour: Ints
    announced_s: Floats
    real_s: Floats

    def rows(self, chosen: Ints) -> Samples:
        return Samples(
            self.at_s[chosen], self.store[chosen], self.region, self.hour[chosen], self.announced_s[chosen],
            self.real_s[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeQuality:
    """How good times are on later orders: mean absolute error of the median, mean pinball loss over the quantiles, and the
    share of outcomes below each quantile, by its name; seconds."""

    error_s: float
    pinball_s: float
    coverage: dict[str, float]
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class TrainedPreparation:
    """times_s float64[stores, 24, 3]: quantiles SHARES. known bool[stores]: enough orders to be used at all."""

    times_s: Floats
    known: np.ndarray
    candidate: TimeQuality
    incumbent: TimeQuality

    @property
    def promoted(self) -> bool:
        return self.candidate.error_s <= (1 - BETTER_BY) * self.incumbent.error_s


def train(samples: Samples) -> TrainedPreparation:
    """Learn from the earlier three quarters, be judged on the latest one against what was believed at the time, then learn
    from all. Raises NotEnoughData."""
    if len(samples.real_s) < FEWEST:
        raise NotEnoughData(f"{len(samples.real_s)} orders became ready; {FEWEST} are wanted")
    order = np.argsort(samples.at_s, kind="stable")
    split = int(len(order) * (1 - HELD_OUT))
    earlier, later = samples.rows(order[:split]), samples.rows(order[split:])
    early, known = learn(earlier)
    own = later.announced_s[:, None].repeat(len(SHARES), axis=1)
    predicted = np.where(known[later.store][:, None], early[later.store, later.hour], own)
    times_s, known = learn(samples)
    return TrainedPreparation(
        times_s, known, quality(predicted, later.real_s, SHARES), quality(own, later.real_s, SHARES)
    )


def learn(samples: Samples) -> tuple[Floats, np.ndarray]:
    """(float64[stores, 24, 3] seconds, bool[stores] with enough orders): store × hour → store → region."""
    stores, regions = len(samples.region), int(samples.region.max()) + 1
    weights = recency((samples.at_s.max() - samples.at_s) / 86_400.0, HALF_LIFE_DAYS)
    levels = (
        Level(samples.region[samples.store], np.zeros(regions, dtype=np.int64)),
        Level(samples.store, samples.region),
        Level(samples.store * 24 + samples.hour, np.repeat(np.arange(stores), 24)),
    )
    # Preparation is a product of many small delays: its logarithm is what is nearly normal, and never gives a negative time.
    log_s = shrunk(np.log(np.maximum(samples.real_s, SHORTEST_S)), weights, levels, SHARES)
    times_s: Floats = np.exp(log_s).reshape(stores, 24, len(SHARES))
    return times_s, effective(weights, samples.store, stores) >= FEWEST_OF_STORE


def quality(predicted: Floats, real: Floats, shares: tuple[float, ...]) -> TimeQuality:
    """Of quantiles float64[n, shares] of outcomes float64[n]."""
    middle = predicted[:, shares.index(0.5)]
    return TimeQuality(
        error_s=float(np.mean(np.abs(real - middle))),
        pinball_s=pinball(predicted, real, shares),
        coverage={f"p{share * 100:.0f}": float(np.mean(real <= predicted[:, k])) for k, share in enumerate(shares)},
        n=len(real),
    )
