"""Two variants in one city, alternating at random by blocks of time, and what their difference is.

Bojinov, Simchi-Levi and Zhao: Design and analysis of switchback experiments (Management Science, 2023). Each region tosses
a fair coin at the start of each block. What one block leaves behind reaches into the next (carryover), so orders that
open during the first minutes of a block count for neither. The estimate is the difference of the means over blocks, its
standard error comes from the variance between blocks (Welch), since orders of one block are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isnan, nan

from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.orders import End, Order
from shared.simulation.city.records import Ignore
from shared.simulation.estimate import Estimate, welch

WASHOUT = 0.25
"""The part of each block whose orders are left out, for what the block before has left behind."""

LEAST_ORDERS = 3
"""A block with fewer orders is left out: it has no mean to speak of."""


@dataclass(frozen=True, slots=True)
class Switchback:
    """Which of two variants decides at a moment, in one region. A schedule of `Play`."""

    variants: tuple[str, str]
    block_s: float
    draws: Draws

    def __call__(self, moment: float) -> str:
        return self.variants[int(self.draws.uniform(Source.SWITCHBACK, int(moment // self.block_s))[0] < 0.5)]


@dataclass(slots=True)
class Block:
    """The orders that opened in one block of one region. Seconds."""

    variant: str
    orders: int = 0
    delivered: int = 0
    late: int = 0
    offers: int = 0
    ctd_s: float = 0.0
    wait_s: float = 0.0


class Blocks(Ignore):
    """Watches a region and sums up each block, by when the orders opened: policies have no say in that."""

    def __init__(self, schedule: Switchback) -> None:
        self._schedule = schedule
        self.blocks: dict[int, Block] = {}

    def order(self, order: Order) -> None:
        if order.end is End.AGE_CHECK_FAILED or order.opens % self._schedule.block_s < WASHOUT * self._schedule.block_s:
            return
        number = int(order.opens // self._schedule.block_s)
        block = self.blocks.setdefault(number, Block(self._schedule(order.opens)))
        block.orders += 1
        block.offers += order.offers
        if order.end is End.DELIVERED:
            block.delivered += 1
            block.late += order.at_door > order.promised
            block.ctd_s += order.ended - order.placed
            block.wait_s += order.assigned - order.opens


MEASURES: dict[str, Callable[[Block], float]] = {
    "click-to-door": lambda b: b.ctd_s / b.delivered / 60 if b.delivered else nan,
    "open until taken": lambda b: b.wait_s / b.delivered / 60 if b.delivered else nan,
    "late deliveries": lambda b: 100 * b.late / b.delivered if b.delivered else nan,
    "orders delivered": lambda b: 100 * b.delivered / b.orders,
    "offers per order": lambda b: b.offers / b.orders,
}
"""Minutes, minutes, percent of deliveries, percent of orders, a number."""


def analyse(blocks: Iterable[Block], variants: tuple[str, str]) -> list[Estimate]:
    """The second variant less the first, with 95 % confidence intervals. Raises ValueError with under two blocks each."""
    usable = [block for block in blocks if block.orders >= LEAST_ORDERS]
    estimates = []
    for name, measure in MEASURES.items():
        first, second = (
            [value for b in usable if b.variant == variant and not isnan(value := measure(b))] for variant in variants
        )
        if min(len(first), len(second)) < 2:
            raise ValueError("a switchback needs two blocks of each variant: play more days, or take shorter blocks")
        estimates.append(welch(name, first, second))
    return estimates
