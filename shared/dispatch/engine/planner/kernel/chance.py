"""Random numbers of our own: the same on every machine and in every version of the compiler."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.compiled import in_place

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def words(seed: int) -> Words:
    """The state of a generator."""
    return np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)


@in_place
def uniform(random: Words) -> float:
    """From 0 to 1, 1 not included (xorshift64*, Vigna 2016)."""
    word = random[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    random[0] = word
    return float((word * np.uint64(2685821657736338717)) >> np.uint64(11)) * 2.0**-53


@in_place
def below(random: Words, limit: int) -> int:
    """A whole number from 0 to `limit` - 1."""
    return int(uniform(random) * limit)
