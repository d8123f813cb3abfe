"""What a driver who stands in a store should take from there beyond the orders he came for."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.rolling.matching import lay_out
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.pricing import Slots, price
from shared.dispatch.engine.rolling.work import LARGEST, Members, Work


def updated(outlook: Outlook, driver: int, held: Members, parameters: Rolling) -> Members:
    """The bundle that a driver in the store of his orders leaves with; the most saving order is added first.

    `held` are his orders, rows of the outlook; the fleet shows him where and when he is free after them. An order is added
    when that costs less than to bring both as they are planned without it.
    """
    store = int(outlook.orders.store[held[0]])
    others = np.setdiff1d(np.arange(len(outlook.orders)), held)
    here = others[outlook.orders.store[others] == store]
    first = Slots.next_of(outlook, parameters)
    if not len(here) or not len(first):
        return held
    plan = lay_out(Work.of([(n,) for n in others.tolist()], outlook), first, outlook, parameters)
    apart_s = dict(zip(others.tolist(), plan.cost_s.tolist(), strict=True))
    spot = _in_store(outlook, driver, held, store)
    left = set(here.tolist())
    while left and len(held) < LARGEST:
        unions = [(n, (*held[:k], n, *held[k:])) for n in sorted(left) for k in range(len(held) + 1)]
        alone_s, *together_s = price(
            Work.of([held, *(u for _, u in unions)], outlook), spot, outlook, parameters
        ).cost_s
        saving = [alone_s[0] + apart_s[n] - cost[0] for (n, _), cost in zip(unions, together_s, strict=True)]
        best = int(np.argmax(saving))
        if saving[best] <= parameters.gain_s:
            break
        added, held = unions[best]
        left.remove(added)
    return held


def _in_store(outlook: Outlook, driver: int, held: Members, store: int) -> Slots:
    """The driver as he stands there, before any of the orders is his."""
    fleet = outlook.fleet
    return Slots(
        driver=np.array([driver]),
        point=np.array([store]),
        available_s=np.zeros(1),
        off_s=fleet.off_s[[driver]],
        shortfall=fleet.shortfall[[driver]] + len(held),
        price_s=np.zeros(1),
        before=((),),
    )
