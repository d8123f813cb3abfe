"""Which orders of one store to carry together: those whose bundle costs less than they cost apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling.matching import OUT, Layout
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.pricing import price
from shared.dispatch.engine.rolling.work import LARGEST, Members, Work


@dataclass(slots=True)
class Holding:
    """A job as it is while bundles grow: its orders, where it is laid, and what it costs there."""

    members: Members
    slot: int
    cost_s: float


@dataclass(frozen=True, slots=True)
class Union:
    """Two jobs that might become one, in one of the sequences in which they could."""

    grown: int
    added: int
    members: Members


def bundled(layout: Layout, outlook: Outlook, parameters: Rolling) -> list[Members]:
    """The jobs of a layout of single orders, with bundles in place of those better carried together.

    Bundles grow by one order at a time, the most saving first, each order into one bundle per round.
    """
    cost_s, slot = layout.cost_s.tolist(), layout.slot.tolist()
    jobs = {n: Holding(m, slot[n], cost_s[n]) for n, m in enumerate(layout.work.members)}
    idle = layout.idle
    for size in range(2, LARGEST + 1):
        unions = _unions(jobs, _by_store(layout.work.store), size, outlook.orders.ready_s, parameters.window_s)
        if not unions:
            break
        costs = _costs(unions, layout, outlook, parameters)
        _merge(jobs, unions, costs, idle, parameters.gain_s)
    return [job.members for job in jobs.values()]


def _by_store(store: Ints) -> list[list[int]]:
    order = np.argsort(store, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(store[order])) + 1)
    return [group.tolist() for group in groups if len(group) > 1]


def _unions(
    jobs: dict[int, Holding], groups: list[list[int]], size: int, ready_s: Floats, window_s: float
) -> list[Union]:
    """Every way to put a single order into a job of `size - 1` orders of the same store."""
    unions = []
    for group in groups:
        here = [(n, jobs[n].members) for n in group if n in jobs]
        for grown, members in here:
            if len(members) != size - 1:
                continue
            latest = max(ready_s[m] for m in members)
            for added, single in here:
                if added == grown or len(single) > 1 or abs(latest - ready_s[single[0]]) > window_s:
                    continue
                for place in range(size):
                    unions.append(Union(grown, added, members[:place] + single + members[place:]))
    return unions


def _costs(unions: list[Union], layout: Layout, outlook: Outlook, parameters: Rolling) -> Floats:
    """float64[unions, slots]; inf behind a job that is part of the union."""
    work = Work.of([union.members for union in unions], outlook)
    costs = price(work, layout.slots, outlook, parameters).cost_s
    # One row more than there are orders: the members that fill a short sequence up point at it.
    taken = np.zeros((len(layout.work) + 1, len(layout.slots)), dtype=np.bool_)
    for column in range(layout.next_slots, len(layout.slots)):
        taken[list(layout.slots.before[column]), column] = True
    costs[taken[work.member[:, 0]] | taken[work.member[:, 1]] | taken[work.member[:, 2]]] = np.inf
    return costs


def _merge(jobs: dict[int, Holding], unions: list[Union], costs: Floats, idle: Ints, gain_s: float) -> None:
    """Carry out the unions that save, best first. A union takes an idle driver, or a slot that one of its parts had."""
    with_idle = costs[:, idle].min(axis=1, initial=np.inf)
    offers = []
    for n, union in enumerate(unions):
        cost_s, slot = float(with_idle[n]), OUT
        for part in (jobs[union.grown], jobs[union.added]):
            if part.slot != OUT and costs[n, part.slot] < cost_s:
                cost_s, slot = float(costs[n, part.slot]), part.slot
        saving = jobs[union.grown].cost_s + jobs[union.added].cost_s - cost_s
        if saving > gain_s:
            offers.append((-saving, n, Holding(union.members, slot, cost_s)))
    taken: set[int] = set()
    for _, n, bundle in sorted(offers, key=lambda offer: offer[:2]):
        union = unions[n]
        if union.grown not in taken and union.added not in taken:
            taken |= {union.grown, union.added}
            jobs[union.grown] = bundle
            del jobs[union.added]
