"""Orders expected in the coming half hour, per zone: the season's expectation times the hour's level. Pure.

The season is the exponentially weighted mean of the same half hour of earlier weeks. The level says how the last hour
went against its own season: the ratio of counts, drawn towards the region's by empirical Bayes, the more so the less was
expected (Clayton and Kaldor, Biometrics 43, 1987, 671–681; estimator of the moments: Marshall, Applied Statistics 40,
1991, 283–294). So one odd order in a quiet zone moves little, and a rainy evening moves the whole town.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from shared.dispatch.engine.columns import Floats

HORIZON = timedelta(minutes=30)
RECENT = timedelta(hours=1)
WEEKS = 8
DECAY = 0.8
"""Weight of a week against the one after it."""

PRIOR_WEEKS = 0.5
"""Weeks of history that the last hour's average store is worth."""

NEGLIGIBLE = 1e-6
"""Orders in an hour: a zone that expects fewer has nothing of its own to compare with."""

PRIOR_ORDERS = 10.0
"""Orders in the last hour that the expectation "as usual" is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Orders per zone, all float64[zones].

    stores     stores in the zone
    ahead      in the coming half hour of earlier weeks, weighted sum
    usual      in the last hour of earlier weeks, weighted sum
    recent     in the last hour
    """

    stores: Floats
    ahead: Floats
    usual: Floats
    recent: Floats


@dataclass(frozen=True, slots=True)
class Slot:
    """A half hour of an earlier week, and with which weight its orders count for what is ahead and for what was usual."""

    half_hour: datetime
    ahead: float
    usual: float


def slots(now: datetime, timezone: str, known_since: datetime | None) -> tuple[list[Slot], float]:
    """The half hours of earlier weeks that say something about now, by the local clock, and the weight of all weeks.

    Weeks before `known_since`, the first half hour in which orders were counted, are left out.
    """
    local, found, weight = now.astimezone(ZoneInfo(timezone)), [], 0.0
    for week in range(1, WEEKS + 1):
        then = (local - timedelta(weeks=week)).astimezone(now.tzinfo)
        if known_since is None or then - RECENT < known_since:
            break
        weight += DECAY**week
        start = half_hour_of(then - RECENT)
        while start < then + HORIZON:
            ahead, usual = _share(start, then, then + HORIZON), _share(start, then - RECENT, then)
            found.append(Slot(start, DECAY**week * ahead, DECAY**week * usual))
            start += HORIZON
    return found, weight


def forecast(counts: Counts, weeks: float) -> Floats:
    """float64[zones]: orders expected within HORIZON. `weeks` is the weight of the weeks behind the sums."""
    hour = counts.stores * (counts.recent.sum() / max(counts.stores.sum(), 1.0))
    ahead = (counts.ahead + PRIOR_WEEKS * hour * (HORIZON / RECENT)) / (weeks + PRIOR_WEEKS)
    usual = (counts.usual + PRIOR_WEEKS * hour) / (weeks + PRIOR_WEEKS)
    expected: Floats = ahead * level(counts.recent, usual)
    return expected


def level(recent: Floats, usual: Floats) -> Floats:
    """float64[zones]: how much busier than usual, never negative; the region's own level where nothing is usual."""
    region = (recent.sum() + PRIOR_ORDERS) / (usual.sum() + PRIOR_ORDERS)
    expected = usual > NEGLIGIBLE
    if not expected.any():
        return np.full(len(recent), region)
    e = usual[expected]
    ratio = recent[expected] / e
    mean = np.sum(e * ratio) / e.sum()
    spread = np.sum(e * (ratio - mean) ** 2) / e.sum()
    between = max(0.0, float(spread - mean / e.mean()))
    own = np.full(len(recent), region)
    own[expected] += between / (between + region / e) * (ratio - region)
    return own


def half_hour_of(moment: datetime) -> datetime:
    """The beginning of the half hour, counted from the epoch."""
    seconds = HORIZON.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, moment.tzinfo)


def _share(start: datetime, begin: datetime, end: datetime) -> float:
    """How much of the half hour from `start` lies between two moments, 0 to 1."""
    return max(timedelta(), min(start + HORIZON, end) - max(start, begin)) / HORIZON
