"""Where to send drivers whom the plan leaves idle, so that they stand where the next orders are likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.pricing import Slots


@dataclass(frozen=True, slots=True)
class Relocation:
    """An idle driver (row of the fleet), and the point of the store to wait at."""

    driver: int
    store: int


def prepositioned(outlook: Outlook, idle: Ints, parameters: Rolling) -> tuple[Relocation, ...]:
    """As many orders are imagined as drivers will be free, spread over the stores as the day's orders so far.

    The assignment with the least travel gives each driver one of them, those who are still busy too, since they will cover
    the stores around their last door. An idle driver goes to his, unless it is so near that he covers it from where he
    stands, or so far that he would be away for too long.
    """
    slots = Slots.next_of(outlook, parameters)
    if not len(idle) or not len(slots):
        return ()
    store = np.repeat(outlook.demand.store, _spread(outlook.demand.orders, len(slots)))
    way_s = outlook.travel(slots.point[:, None], store[None, :])
    row, column = linear_sum_assignment(way_s)
    distance_s = way_s[row, column]
    moving = np.isin(slots.driver[row], idle) & (distance_s > parameters.near_s) & (distance_s <= parameters.far_s)
    return tuple(
        Relocation(int(slots.driver[r]), int(store[c])) for r, c in zip(row[moving], column[moving], strict=True)
    )


def _spread(orders: Floats, count: int) -> Ints:
    """int64[stores]: `count` places in proportion to `orders`, by the largest remainder (Hamilton's method)."""
    quota = orders * count / orders.sum()
    places = np.floor(quota).astype(np.int64)
    rest = count - int(places.sum())
    places[np.argsort(places - quota, kind="stable")[:rest]] += 1
    return np.asarray(places)
