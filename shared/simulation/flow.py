"""The engine of the live market, `solve`, as a policy: one min-cost flow a minute, one order to a courier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine import Drivers, Jobs, Parameters, Problem, Region, solve
from shared.dispatch.engine.acceptance import Acceptance
from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.roads import measure
from shared.kernel.positions import EARTH_RADIUS_M
from shared.simulation.day import Assignment, World
from shared.simulation.files import Projection

SOON = 20.0
"""Couriers who are free within this time are weighed too; minutes."""


@dataclass(frozen=True, slots=True)
class Streets:
    """Travel times between degrees, as the instance has them between metres."""

    to: Projection
    m_per_min: float
    exact: bool

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        """float64[e], seconds."""
        way = np.radians(origins[origin] - destinations[destination]) * EARTH_RADIUS_M
        way[:, 1] *= np.cos(np.radians(self.to.centre.lat))
        minutes = np.hypot(way[:, 0], way[:, 1]) / self.m_per_min
        return np.asarray(minutes if self.exact else np.ceil(minutes - 1e-6)) * 60.0


class Flow:
    """Couriers accept everything, so p_accept is 1; an order stays open until its courier has to leave."""

    def __init__(self, seed: int = 0, parameters: Parameters | None = None) -> None:
        certain = Acceptance(version="certain", intercept=50.0)
        self.seed = seed
        self.parameters = parameters or Parameters(acceptance=certain, horizon_s=7_200.0)

    def __call__(self, world: World) -> list[Assignment]:
        instance, now = world.instance, world.now
        couriers = np.flatnonzero((world.free_at <= now + SOON) & (world.free_at <= instance.off))
        to = Projection.around([(float(x), float(y)) for x, y in instance.points])
        problem = _problem(world, couriers, to)
        streets = Streets(to, instance.m_per_min, world.roads.exact)
        plan = solve(measure(problem, streets, self.parameters, "straight"), self.parameters, self.seed)
        chosen = []
        for edge in plan.chosen.tolist():
            order, courier = int(world.open[plan.job[edge]]), int(couriers[plan.driver[edge]])
            way = instance.pickup_min / 2 + float(plan.approach_s[edge]) / 60.0
            if world.free_at[courier] <= now and instance.ready[order] - way < now + 1.0:
                chosen.append(Assignment(courier, (order,)))
        return chosen


def _problem(world: World, couriers: Ints, to: Projection) -> Problem:
    instance, orders, now = world.instance, world.open, world.now
    pickup, door = _degrees(world, instance.store_point(orders), to), _degrees(world, orders, to)
    at, zeros = _degrees(world, world.at[couriers], to), np.zeros(len(couriers))
    way = world.roads.minutes(world.at[couriers][None, :], instance.store_point(orders)[:, None])
    arrival = np.maximum(world.free_at[couriers], now)[None, :] + way + instance.pickup_min / 2
    after_hours = np.maximum(arrival, instance.ready[orders][:, None]) > instance.off[couriers][None, :]
    nobody = np.zeros(len(orders))
    return Problem(
        Jobs(
            id=orders.astype(str), pickup_lat=pickup[:, 0], pickup_lng=pickup[:, 1],
            dropoff_lat=door[:, 0], dropoff_lng=door[:, 1], ready_s=(instance.ready[orders] - now) * 60.0,
            promised_s=(instance.placed[orders] + instance.target - now) * 60.0, carry_s=nobody * np.nan,
            payout_minor=nobody.astype(np.int64), attempts=nobody.astype(np.int64), restricted=nobody > 0,
            age_s=(now - instance.placed[orders]) * 60.0, zone=nobody.astype(np.int64) - 1, refusal_rate=nobody,
        ),
        Drivers(
            id=couriers.astype(str), lat=at[:, 0], lng=at[:, 1],
            available_s=np.maximum(world.free_at[couriers] - now, 0.0) * 60.0, capacity=np.ones(len(couriers), int),
            load=zeros.astype(int), position_age_s=zeros, rating=zeros + 5.0, acceptance=zeros + 1.0, failure_rate=zeros,
            paid_rate=zeros, shift_left_s=(instance.off[couriers] - now) * 60.0, documents_left_s=zeros + np.inf,
            zone=zeros.astype(np.int64) - 1,
        ),
        Region(hour_of_day=12.0, median_paid_rate=0.0, zone_supply=np.empty(0), zone_demand=np.empty(0)),
        excluded=np.argwhere(after_hours),
    )  # fmt: skip


def _degrees(world: World, points: Ints, to: Projection) -> Floats:
    """float64[n, 2], latitude and longitude."""
    x, y = world.instance.points[points].T
    positions = [to.position(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    return np.array([(p.lat, p.lng) for p in positions]).reshape(-1, 2)
