"""Lay jobs into slots: a linear assignment over the next jobs of all drivers, then over the ones that would follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.pricing import Prices, Slots, price
from shared.dispatch.engine.rolling.work import Work

OUT = -1
"""In place of a slot: the job is not in the plan yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which job goes where. The first `next_slots` of the slots are the drivers' next jobs.

    prices   of every job in every slot
    slot     int64[jobs], or OUT
    cost_s   float64[jobs], of each job where it is, or of leaving it out
    """

    work: Work
    slots: Slots
    next_slots: int
    prices: Prices
    slot: Ints
    cost_s: Floats

    @property
    def idle(self) -> Ints:
        """Next slots that nothing is laid into."""
        return np.setdiff1d(np.arange(self.next_slots), self.slot)


def lay_out(work: Work, first: Slots, outlook: Outlook, parameters: Rolling) -> Layout:
    """The cheapest assignment of jobs to next slots, refined with the slots that it opens behind them.

    A job that does better behind another one than with a driver of its own leaves that driver idle, and one for which
    no driver is left is seen with the delay that it is going to have.
    """
    slots, prices = first, price(work, first, outlook, parameters)
    near = prices
    for _ in range(parameters.layers):
        slot, _ = assign(prices.cost_s, work.size, parameters.hold_s)
        job = np.flatnonzero(slot != OUT)
        if not len(job):
            break
        later = slots.following(work, job, slot[job], prices.pickup_s[job, slot[job]])
        slots, prices = first + later, _side_by_side(near, _after(work, later, outlook, parameters))
    slot, cost_s = assign(prices.cost_s, work.size, parameters.hold_s)
    return Layout(work, slots, len(first), prices, slot, cost_s)


def assign(cost_s: Floats, size: Ints, hold_s: float) -> tuple[Ints, Floats]:
    """Cheapest slot of each job, one job to a slot: (slot int64[jobs] or OUT, cost float64[jobs]).

    Leaving a job out costs `hold_s` per order above the dearest slot, so nothing is left out while there is a slot.
    """
    without_s = np.where(np.isfinite(cost_s), cost_s, 0.0).max(axis=1, initial=0.0) + hold_s * size
    job, column = linear_sum_assignment(np.minimum(cost_s - without_s[:, None], 0.0))
    served = cost_s[job, column] < without_s[job]
    job, column = job[served], column[served]
    slot = np.full(len(cost_s), OUT)
    slot[job] = column
    without_s[job] = cost_s[job, column]
    return slot, without_s


def _after(work: Work, later: Slots, outlook: Outlook, parameters: Rolling) -> Prices:
    """Prices of the slots behind planned jobs; no job comes behind itself."""
    prices = price(work, later, outlook, parameters)
    for column, before in enumerate(later.before):
        prices.cost_s[list(before), column] = np.inf
    return prices


def _side_by_side(left: Prices, right: Prices) -> Prices:
    return Prices(
        np.hstack((left.cost_s, right.cost_s)),
        np.hstack((left.leave_s, right.leave_s)),
        np.hstack((left.pickup_s, right.pickup_s)),
    )
