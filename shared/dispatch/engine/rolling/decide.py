"""decide: who has to be sent off now, and with what, in view of everything that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.rolling.bundling import bundled
from shared.dispatch.engine.rolling.matching import OUT, Layout, lay_out
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.pricing import Slots
from shared.dispatch.engine.rolling.work import Members, Work

LATE_S = 180.0
"""An order counts as late in the pressure when its goods would wait longer than this."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A driver (row of the fleet) who has to leave before the next decision, for these orders (rows), in sequence."""

    driver: int
    orders: Members


@dataclass(frozen=True, slots=True)
class Decision:
    """`departures` are to be carried out; everything else stays open. `pressure` belongs into the next outlook.

    `idle` are the drivers, rows of the fleet, who are free now and have nothing in the plan.
    """

    departures: tuple[Departure, ...]
    pressure: float
    idle: tuple[int, ...]


def decide(outlook: Outlook, parameters: Rolling) -> Decision:
    """Plan all open orders over all drivers, those soon free included, and commit only what cannot wait.

    A job is committed when its driver is idle and would come later to the pickup by leaving at the next decision.
    """
    first = Slots.next_of(outlook, parameters)
    if not (len(first) and len(outlook.orders)):
        return Decision((), parameters.memory * outlook.pressure, _free(first))
    layout = lay_out(Work.of([(n,) for n in range(len(outlook.orders))], outlook), first, outlook, parameters)
    members = bundled(layout, outlook, parameters)
    if len(members) < len(outlook.orders):
        layout = lay_out(Work.of(members, outlook), first, outlook, parameters)
    newest = _late(layout) / len(first)
    pressure = parameters.memory * outlook.pressure + (1.0 - parameters.memory) * newest
    used = set(layout.slots.driver[layout.slot[layout.slot != OUT]].tolist())
    idle = tuple(driver for driver in _free(first) if driver not in used)
    return Decision(tuple(_due(layout, outlook)), pressure, idle)


def _free(first: Slots) -> tuple[int, ...]:
    return tuple(first.driver[first.available_s <= 0.0].tolist())


def _due(layout: Layout, outlook: Outlook) -> list[Departure]:
    departures = []
    for job, slot in enumerate(layout.slot.tolist()):
        if slot == OUT or slot >= layout.next_slots or layout.slots.available_s[slot] > 0.0:
            continue
        if layout.prices.leave_s[job, slot] < outlook.next_s:
            departures.append(Departure(int(layout.slots.driver[slot]), layout.work.members[job]))
    return departures


def _late(layout: Layout) -> int:
    """Orders whose goods would wait, or that are behind another job."""
    jobs = np.arange(len(layout.work))
    next_one = (layout.slot != OUT) & (layout.slot < layout.next_slots)
    prompt = layout.prices.pickup_s[jobs, layout.slot] <= layout.work.ready_s + LATE_S
    return int(layout.work.size[~(next_one & prompt)].sum())
