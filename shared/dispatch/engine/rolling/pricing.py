"""What it costs to let a driver do a job, for all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling.outlook import Outlook
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.work import LARGEST, Work


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Places in the drivers' days, [slots]: the next job of each driver, or one that follows a planned job.

    driver       rows of the fleet
    point        where the driver will be free
    available_s  when
    off_s, shortfall   as in the fleet
    price_s      what taking the slot costs before anything is driven
    before       of each slot, rows of the work that the driver does first
    """

    driver: Ints
    point: Ints
    available_s: Floats
    off_s: Floats
    shortfall: Floats
    price_s: Floats
    before: tuple[tuple[int, ...], ...]

    @classmethod
    def next_of(cls, outlook: Outlook, parameters: Rolling) -> Slots:
        """The first slot of every driver within the horizon."""
        fleet = outlook.fleet
        near = (fleet.available_s <= parameters.horizon_s) & (fleet.available_s <= fleet.off_s)
        driver = np.flatnonzero(near)
        return cls(
            driver=driver,
            point=fleet.point[driver],
            available_s=fleet.available_s[driver],
            off_s=fleet.off_s[driver],
            shortfall=fleet.shortfall[driver],
            price_s=worth(outlook, fleet.point[driver], parameters),
            before=((),) * len(driver),
        )

    def __len__(self) -> int:
        return len(self.driver)

    def following(self, work: Work, job: Ints, slot: Ints, pickup_s: Floats) -> Slots:
        """The slots after these jobs in these slots, picked up at these times."""
        return Slots(
            driver=self.driver[slot],
            point=work.end[job],
            available_s=pickup_s + work.free_s[job],
            off_s=self.off_s[slot],
            shortfall=self.shortfall[slot] - work.size[job],
            price_s=np.zeros(len(job)),
            before=tuple((*self.before[s], j) for j, s in zip(job.tolist(), slot.tolist(), strict=True)),
        )

    def __add__(self, other: Slots) -> Slots:
        return Slots(
            driver=np.concatenate((self.driver, other.driver)),
            point=np.concatenate((self.point, other.point)),
            available_s=np.concatenate((self.available_s, other.available_s)),
            off_s=np.concatenate((self.off_s, other.off_s)),
            shortfall=np.concatenate((self.shortfall, other.shortfall)),
            price_s=np.concatenate((self.price_s, other.price_s)),
            before=self.before + other.before,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """float64[jobs, slots]: `cost_s` (inf where a shift ends before the pickup), `leave_s` and `pickup_s` from now."""

    cost_s: Floats
    leave_s: Floats
    pickup_s: Floats


def worth(outlook: Outlook, point: Ints, parameters: Rolling) -> Floats:
    """float64[drivers], seconds: how near a driver stands to where orders come from, so how soon the next will be near.

    Taking a driver away from there costs; one who stands apart is drawn back by work that can wait for the way.
    """
    total = float(outlook.demand.orders.sum())
    if total <= 0.0 or parameters.worth_s <= 0.0:
        return np.zeros(len(point))
    nearness = np.exp(-outlook.travel(point[:, None], outlook.demand.store[None, :]) / parameters.spread_s)
    return np.asarray(parameters.worth_s * (nearness @ outlook.demand.orders) / total)


def price(work: Work, slots: Slots, outlook: Outlook, parameters: Rolling) -> Prices:
    """Delay against the earliest possible, lateness, the driver's time and pay, and the worth of where he stands."""
    approach_s = outlook.travel(slots.point[None, :], work.store[:, None])
    arrival_s = slots.available_s[None, :] + approach_s + outlook.pickup_s / 2
    pickup_s = np.maximum(arrival_s, work.ready_s[:, None])
    busy = parameters.busy + parameters.rush * outlook.pressure
    engaged_s = approach_s + outlook.pickup_s / 2 + work.free_s[:, None]
    unpaid = np.maximum(slots.shortfall, 0.0)[None, :]
    beyond = np.clip(work.size[:, None] - unpaid, 0.0, work.size[:, None])
    cost_s = _delay(work, pickup_s, outlook, parameters) + busy * engaged_s
    cost_s += parameters.pay_s * beyond + slots.price_s[None, :]
    cost_s[pickup_s > slots.off_s[None, :]] = np.inf
    return Prices(cost_s, pickup_s - outlook.pickup_s / 2 - approach_s, pickup_s)


def _delay(work: Work, pickup_s: Floats, outlook: Outlook, parameters: Rolling) -> Floats:
    """float64[jobs, slots]: the delay of all orders of each job, and `overdue` for what of it is beyond the promise."""
    promised_s = outlook.orders.promised_s[work.member]
    unavoidable_s = np.maximum(work.least_s - promised_s, 0.0)
    total = np.zeros_like(pickup_s)
    for k in range(LARGEST):
        has = np.flatnonzero(work.size > k)
        if not len(has):
            break
        door_s = pickup_s[has] + work.door_s[has, k, None]
        late_s = np.maximum(door_s - promised_s[has, k, None], 0.0) - unavoidable_s[has, k, None]
        total[has] += door_s - work.least_s[has, k, None] + parameters.overdue * late_s
    return total
