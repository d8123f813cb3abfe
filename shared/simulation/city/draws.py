"""Random numbers with an address: the same seed, source and address always give the same number.

So two runs that differ in their policy alone see the same demand, the same kitchens, and of each driver the same mind at
the same number of offers (common random numbers: Glasserman and Yao, 1992). Numbers are hashes of their addresses by
SplitMix64 (Steele, Lea and Flood, 2014), for whole arrays of addresses at once.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from shared.dispatch.engine.columns import Floats, Ints

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Source(IntEnum):
    """What is left to chance. A new member goes to the end, so that the others keep their numbers."""

    HOT_SPOT_EAST = 0
    HOT_SPOT_NORTH = 1
    STORE_SPOT = 2
    STORE_EAST = 3
    STORE_NORTH = 4
    STORE_PREP = 5
    PLACED = 6
    SOLD_BY = 7
    DOOR_WAY = 8
    DOOR_ANGLE = 9
    RESTRICTED = 10
    AGE_CHECK = 11
    REFUSAL = 12
    CHECKOUT = 13
    PREP = 14
    PATIENCE = 15
    PICKUP = 16
    DOORSTEP = 17
    CARRY = 18
    RETURN = 19
    SHIFT_LENGTH = 20
    NO_SHOW = 21
    HOME_SPOT = 22
    HOME_EAST = 23
    HOME_NORTH = 24
    RATING = 25
    ACCEPTANCE = 26
    SILENCE = 27
    ANSWER = 28
    APPROACH = 29
    SWITCHBACK = 30


class Draws:
    """The numbers of one seed and region."""

    def __init__(self, seed: int, region: int) -> None:
        self._key = _mix(_mix(_words(seed)) + _words(region))

    def uniform(self, source: Source, *address: int | Ints) -> Floats:
        """float64, the broadcast shape of the address' parts (at least one dimension), strictly between 0 and 1."""
        word = _mix(self._key + _words(int(source)) * GOLDEN)
        for part in address:
            word = _mix(word + _words(part) * GOLDEN)
        return ((word >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normal(self, source: Source, *address: int | Ints) -> Floats:
        """Standard normal numbers, of the same shape."""
        return np.asarray(ndtri(self.uniform(source, *address)), dtype=np.float64)

    def around(self, median: float | Floats, sigma: float, source: Source, *address: int | Ints) -> Floats:
        """Lognormal numbers."""
        return np.asarray(median * np.exp(sigma * self.normal(source, *address)))


def _words(values: int | Ints) -> npt.NDArray[np.uint64]:
    return np.atleast_1d(np.asarray(values, dtype=np.int64)).view(np.uint64)


def _mix(word: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64's finaliser after one step."""
    word = word + GOLDEN
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))
