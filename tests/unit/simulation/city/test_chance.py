"""Random numbers by address: the same everywhere, and distributed as they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from shared.simulation.city.demand import busyness, demand
from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.fleet import Fleet
from shared.simulation.city.parameters import HOURLY, Noise, cities
from shared.simulation.city.places import Places
from tests.unit.simulation.city.towns import TOWN


def test_a_number_hangs_on_its_address_alone_and_not_on_what_else_is_drawn() -> None:
    alone = Draws(7, 0).uniform(Source.PREP, 2, 40)
    among = Draws(7, 0).uniform(Source.PREP, 2, np.arange(100))
    assert among[40] == alone[0]
    different = [
        Draws(8, 0).uniform(Source.PREP, 2, 40)[0],
        Draws(7, 1).uniform(Source.PREP, 2, 40)[0],
        Draws(7, 0).uniform(Source.CARRY, 2, 40)[0],
        Draws(7, 0).uniform(Source.PREP, 40, 2)[0],
    ]
    assert len({float(alone[0]), *map(float, different)}) == 5


@pytest.mark.parametrize("source", [Source.PREP, Source.ACCEPTANCE])
def test_numbers_are_uniform_and_normal_and_do_not_hang_together(source: Source) -> None:
    uniform = Draws(3, 0).uniform(source, np.arange(20_000), 5)
    assert uniform.min() > 0.0
    assert uniform.max() < 1.0
    assert stats.kstest(uniform, "uniform").pvalue > 0.001
    assert stats.kstest(Draws(3, 0).normal(source, np.arange(20_000)), "norm").pvalue > 0.001
    neighbours = np.corrcoef(uniform[:-1], uniform[1:])[0, 1]
    seeds = np.corrcoef(uniform, Draws(4, 0).uniform(source, np.arange(20_000), 5))[0, 1]
    assert abs(neighbours) < 0.03
    assert abs(seeds) < 0.03


def test_orders_come_by_the_hour_as_the_curve_says() -> None:
    city = replace(TOWN, orders=40_000)
    draws = Draws(1, 0)
    placed = demand(city, Places.of(city, 0, draws), draws, 0, day=1).placed
    assert (np.diff(placed) >= 0).all()
    by_hour = np.bincount((placed // 3_600).astype(int) - 24, minlength=24)
    assert np.allclose(by_hour / 40_000, np.array(HOURLY) / sum(HOURLY), atol=0.005)


def test_chances_are_as_frequent_as_the_parameters_say() -> None:
    city, draws = replace(TOWN, orders=40_000, noise=Noise(age_failure_share=0.1, refusal_share=0.2)), Draws(2, 0)
    orders = demand(city, Places.of(city, 0, draws), draws, 0, day=0)
    restricted = orders.restricted
    assert abs(restricted.mean() - 0.8) < 0.01
    assert abs((~orders.of_age)[restricted].mean() - 0.1) < 0.01
    assert abs(orders.refused[restricted].mean() - 0.2) < 0.01
    assert orders.of_age[~restricted].all()
    assert not orders.refused[~restricted].any()
    assert abs(np.median(orders.carry_noise) - 1.0) < 0.01
    assert orders.metres.max() <= city.radius_m
    most = np.bincount(orders.store).max()
    assert most > 3 * np.median(np.bincount(orders.store))


def test_regions_share_all_orders() -> None:
    city = replace(TOWN, orders=1_003, regions=4)
    counts = [city.of_region(city.orders, region) for region in range(4)]
    assert counts == [251, 251, 251, 250]


def test_as_many_drivers_are_planned_as_the_hour_needs() -> None:
    city, draws = cities["medium"], Draws(1, 0)
    fleet = Fleet.of(city, Places.of(city, 0, draws), draws, 0, days=1)
    evening, night = (int(((fleet.on <= hour * 3_600) & (fleet.off > hour * 3_600)).sum()) for hour in (18.5, 4.0))
    assert evening == city.drivers
    assert 0 < night < evening / 5
    assert 0.02 < 1 - fleet.comes.mean() < 0.09
    assert busyness(np.array([18.5 * 3_600.0]))[0] == 1.0


def test_a_city_without_an_order_for_each_region_cannot_be() -> None:
    with pytest.raises(ValueError, match="at least one region"):
        replace(TOWN, orders=3, regions=4)
