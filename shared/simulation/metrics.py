"""The figures a day is judged by, as its publishers define them; minutes and the instance's money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.simulation.day import World
from shared.simulation.instance import Instance, Roads


@dataclass(frozen=True, slots=True)
class Metrics:
    """One day. `ctd` is click-to-door, `over` its part above the target, `floor_*` the same figures if a courier had
    stood ready in the store for every order; `rtp` ready-to-pickup, `rtd` ready-to-door."""

    orders: int
    undelivered: int
    floor_mean: float
    floor_p90: float
    floor_over: float
    ctd_mean: float
    ctd_p10: float
    ctd_p50: float
    ctd_p90: float
    ctd_max: float
    over: float
    rtp: float
    rtd: float
    per_bundle: float
    utilisation: float
    guaranteed: float
    pay: float
    per_order: float


def floor(instance: Instance, roads: Roads) -> Floats:
    """float64[orders]: the least click-to-door of each order, minutes."""
    orders = np.arange(len(instance.order))
    carry = roads.minutes(instance.store_point(orders), orders)
    return instance.ready - instance.placed + instance.pickup_min / 2 + carry + instance.dropoff_min / 2


def measure(world: World) -> Metrics:
    """The figures of a day that has been played. Undelivered orders are in none of the times."""
    instance, target = world.instance, world.instance.target
    order = np.array([o for route in world.routes for o in route.orders], dtype=np.int64)
    dropped = np.array([minute for route in world.routes for minute in route.dropped])
    picked = np.array([route.picked for route in world.routes for _ in route.orders])
    ctd, least = dropped - instance.placed[order], floor(instance, world.roads)
    p10, p50, p90 = np.percentile(ctd, (10, 50, 90)) if len(ctd) else (0.0, 0.0, 0.0)
    guarantee = instance.pay_hour * (instance.off - instance.on) / 60.0
    earned = instance.pay_order * world.served
    pay = float(np.maximum(guarantee, earned).sum())
    return Metrics(
        orders=len(instance.order),
        undelivered=len(instance.order) - len(order),
        floor_mean=float(least.mean()),
        floor_p90=float(np.percentile(least, 90)),
        floor_over=float(np.maximum(least - target, 0).mean()),
        ctd_mean=_mean(ctd),
        ctd_p10=float(p10),
        ctd_p50=float(p50),
        ctd_p90=float(p90),
        ctd_max=float(ctd.max(initial=0.0)),
        over=_mean(np.maximum(ctd - target, 0)),
        rtp=_mean(picked - instance.ready[order]),
        rtd=_mean(dropped - instance.ready[order]),
        per_bundle=len(order) / max(len(world.routes), 1),
        utilisation=_utilisation(world),
        guaranteed=float((guarantee > earned).mean()),
        pay=pay,
        per_order=pay / max(len(order), 1),
    )


def _utilisation(world: World) -> float:
    """Share of the couriers' shifts between being sent off and being free again."""
    instance = world.instance
    busy = sum(r.dropped[-1] + instance.dropoff_min / 2 - r.departed for r in world.routes)
    return float(busy / np.sum(instance.off - instance.on))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
