"""The matching is as cheap as a min-cost flow solver's, whatever competes with whatever."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.bench.engine import city, network_of
from infra.bench.flow import Network, flow, network
from shared.dispatch.engine import Parameters, solve
from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.matching import SCALE, match
from shared.routing.haversine import HaversineRouter
from tests.unit.dispatch.problems import measured

SURCHARGE_S = 7.0


@dataclass(frozen=True)
class Market:
    """What `match` is asked, without its seed."""

    job: Ints
    driver: Ints
    cost_s: Floats
    wait_price_s: Floats
    capacity: Ints

    def match(self, seed: int) -> tuple[Flags, float]:
        return match(self.job, self.driver, self.cost_s, self.wait_price_s, self.capacity, SURCHARGE_S, seed)

    def network(self) -> Network:
        return network(self.job, self.driver, self.cost_s, self.wait_price_s, self.capacity, SURCHARGE_S)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Few different costs, so that many plans are equally cheap; some jobs without drivers, some drivers without room."""
    jobs, drivers = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    there = random.random((jobs, drivers)) < draw(st.sampled_from([0.2, 0.6, 1.0]))
    job, driver = np.nonzero(there)
    costs = draw(st.sampled_from([2, 20, 10**6]))
    return Market(
        job,
        driver,
        random.integers(0, costs, len(job)).astype(np.float64),
        random.integers(0, 2 * costs, jobs).astype(np.float64),
        random.integers(0, 4, drivers),
    )


def cost_of(market: Market, carries: Flags) -> float:
    """Counted from the edges alone."""
    taken = np.bincount(market.driver[carries], minlength=len(market.capacity))
    waits = np.bincount(market.job[carries], minlength=len(market.wait_price_s)) == 0
    surcharges_s = SURCHARGE_S * float((taken * (taken - 1) // 2).sum())
    return float(market.cost_s[carries].sum() + market.wait_price_s[waits].sum()) + surcharges_s


@given(markets(), st.integers(0, 9))
def test_no_flow_is_cheaper(market: Market, seed: int) -> None:
    carries, cost_s = market.match(seed)
    _, least = flow(market.network())
    assert cost_s == pytest.approx(least / SCALE, abs=1e-6)
    assert cost_of(market, carries) == pytest.approx(cost_s, abs=1e-6)


@given(markets(), st.integers(0, 9))
def test_a_job_goes_to_one_driver_and_no_driver_gets_more_than_there_is_room_for(market: Market, seed: int) -> None:
    carries, _ = market.match(seed)
    assert np.bincount(market.job[carries], minlength=1).max(initial=0) <= 1
    assert np.all(np.bincount(market.driver[carries], minlength=len(market.capacity)) <= market.capacity)


@pytest.mark.parametrize(("drivers", "jobs"), [(2_000, 400), (400, 400), (60, 600)])
def test_no_flow_is_cheaper_for_a_city_in_plenty_in_balance_and_in_a_surge(drivers: int, jobs: int) -> None:
    tick = city(drivers, jobs, seed=3)
    _, least = flow(network_of(tick, Parameters(), HaversineRouter()))
    assert solve(measured(tick), Parameters(), seed=5).cost_s == pytest.approx(least / SCALE, abs=1e-3)


def test_of_equally_cheap_drivers_the_seed_decides() -> None:
    job, driver = np.repeat(np.arange(2), 2), np.tile(np.arange(2), 2)
    market = Market(job, driver, np.full(4, 5.0), np.full(2, 9.0), np.array([1, 1]))
    plans = {tuple(market.match(seed)[0].tolist()) for seed in range(20)}
    assert len(plans) == 2


def test_without_jobs_there_is_nothing_to_match() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    carries, cost_s = Market(nothing, nothing, np.zeros(0), np.zeros(0), np.array([1])).match(0)
    assert (carries.tolist(), cost_s) == ([], 0.0)
