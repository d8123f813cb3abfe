"""Learning by how much arrivals differ from the rule that foretells them (`shared.orders.eta`), from orders that came. Pure.

Two moments: when an order is placed, and when its driver leaves the store. What is learnt is the distribution of the rule's
error by how hard drivers are to get, the way's length and the hour; its median corrects the ETA, and its tenths frame it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.orders.eta import BANDS_M, PRESSURES
from shared.prediction.logistic import NotEnoughData
from shared.prediction.preparation import HALF_LIFE_DAYS, TimeQuality, quality
from shared.prediction.quantiles import Floats, Ints, Level, recency, shrunk

SHARES = (0.1, 0.5, 0.9)
BANDS, PRESSURE_BANDS = len(BANDS_M) + 1, len(PRESSURES) + 1
CELLS = 24 * BANDS * PRESSURE_BANDS
HELD_OUT = 0.25
FEWEST = 100
CLOSE_S = 180.0
BETTER_BY = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Orders that came to a door, all columns [n].

    at_s       when the arrival was foretold, seconds of any clock
    hour       local hour of that moment, 0 to 23
    metres     crow-fly from store to door
    pressure   how hard drivers were to get (`shared.orders.eta.pressure`); 0 for all when it no longer matters
    rule_s     what the rule said, seconds from then to the door
    told_s     what the customer was told
    real_s     what it took
    """

    at_s: Floats
    hour: Ints
    metres: Floats
    pressure: Floats
    rule_s: Floats
    told_s: Floats
    real_s: Floats

    def rows(self, chosen: Ints) -> Samples:
        return Samples(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class EtaQuality(TimeQuality):
    """`close` is the share of arrivals within three minutes of the time that was told."""

    close: float


@dataclass(frozen=True, slots=True, eq=False)
class TrainedEta:
    """offsets_s float64[24, bands, pressure bands, 3]: what to add to the rule for the quantiles SHARES."""

    offsets_s: Floats
    candidate: EtaQuality
    incumbent: EtaQuality

    @property
    def promoted(self) -> bool:
        return self.candidate.error_s <= (1 - BETTER_BY) * self.incumbent.error_s


def train(samples: Samples) -> TrainedEta:
    """Learn from the earlier three quarters, be judged on the latest one against what customers were told, then learn from
    all. What was told then came from a model that knew nothing later (Dawid 1984). Raises NotEnoughData."""
    if len(samples.real_s) < FEWEST:
        raise NotEnoughData(f"{len(samples.real_s)} orders came to a door; {FEWEST} are wanted")
    order = np.argsort(samples.at_s, kind="stable")
    split = int(len(order) * (1 - HELD_OUT))
    later = samples.rows(order[split:])
    return TrainedEta(
        offsets_s=learn(samples),
        candidate=judge(predict(learn(samples.rows(order[:split])), later), later.real_s),
        incumbent=judge(later.told_s[:, None].repeat(len(SHARES), axis=1), later.real_s),
    )


def learn(samples: Samples) -> Floats:
    """float64[24, bands, pressure bands, 3]: way and pressure by the hour → way and pressure → pressure → all."""
    weights = recency((samples.at_s.max() - samples.at_s) / 86_400.0, HALF_LIFE_DAYS)
    band, pressure = _bands(samples)
    levels = (
        Level(pressure, np.zeros(PRESSURE_BANDS, dtype=np.int64)),
        Level(band * PRESSURE_BANDS + pressure, np.tile(np.arange(PRESSURE_BANDS), BANDS)),
        Level(_cell(samples), np.tile(np.arange(BANDS * PRESSURE_BANDS), 24)),
    )
    found = shrunk(samples.real_s - samples.rule_s, weights, levels, SHARES)
    return found.reshape(24, BANDS, PRESSURE_BANDS, len(SHARES))


def predict(offsets_s: Floats, samples: Samples) -> Floats:
    """float64[n, 3]: the quantiles SHARES of each arrival, seconds from the moment it is foretold."""
    predicted: Floats = samples.rule_s[:, None] + offsets_s.reshape(CELLS, len(SHARES))[_cell(samples)]
    return np.maximum(predicted, 0.0)


def judge(predicted: Floats, real_s: Floats) -> EtaQuality:
    found = quality(predicted, real_s, SHARES)
    off = np.abs(real_s - predicted[:, SHARES.index(0.5)])
    return EtaQuality(found.error_s, found.pinball_s, found.coverage, found.n, float(np.mean(off <= CLOSE_S)))


def _bands(samples: Samples) -> tuple[Ints, Ints]:
    return np.digitize(samples.metres, BANDS_M), np.digitize(samples.pressure, PRESSURES)


def _cell(samples: Samples) -> Ints:
    band, pressure = _bands(samples)
    return (samples.hour * BANDS + band) * PRESSURE_BANDS + pressure
