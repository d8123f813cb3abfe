"""The bound on a day's mean delay: below every day that was played, and tight where it can be worked out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.simulation.bound import least_delay
from shared.simulation.day import Allowances, play
from shared.simulation.instance import Instance, Roads, read
from shared.simulation.metrics import measure
from shared.simulation.policies import policies
from tests.unit.simulation.days import Small, random_day


def bound(instance: Instance, *, early: bool = False, exact: bool = False) -> float:
    return least_delay(instance, Roads(instance.points, instance.m_per_min, exact), early=early)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), allowances=st.builds(Allowances, st.booleans(), st.booleans()), exact=st.booleans())
def test_no_day_that_delivers_everything_is_below_its_bound(
    tmp_path: Path, seed: int, allowances: Allowances, exact: bool
) -> None:
    small = random_day(seed, orders=15)
    day = read(
        Small(small.stores, tuple((x, y, 0, 400) for x, y, _, _ in small.couriers), small.orders).write(tmp_path)
    )
    metrics = measure(play(day, policies["rolling"](0), exact=exact, allowances=allowances))
    early = allowances.prepositioning or allowances.updates
    assert metrics.undelivered == 0
    assert metrics.ctd_mean - metrics.floor_mean >= bound(day, early=early, exact=exact) - 1e-9


@pytest.mark.parametrize(("ready", "delay"), [(45.0, 40 + 30 + 2 - 45), (60.0, 12.0), (72.0, 0.0), (90.0, 0.0)])
def test_one_order_is_late_by_the_way_that_is_left_when_it_is_placed(
    tmp_path: Path, ready: float, delay: float
) -> None:
    small = Small(stores=((3_000, 0),), couriers=((0, 0, 0, 120),), orders=((3_000, 100, 40, 1, ready),))
    assert bound(read(small.write(tmp_path))) == delay
    assert bound(read(small.write(tmp_path)), early=True) == 0.0


def test_the_only_courier_comes_back_for_the_second_order_or_takes_both(tmp_path: Path) -> None:
    apart = Small(stores=((0, 0),), couriers=((0, 0, 0, 300),), orders=((1_000, 0, 0, 1, 10), (-1_000, 0, 0, 1, 10)))
    assert bound(read(apart.write(tmp_path / "apart"))) == (10 + 4 + 20) / 2 - 10 / 2
    together = Small(stores=((0, 0),), couriers=((0, 0, 0, 300),), orders=((1_000, 0, 0, 1, 10), (1_000, 0, 0, 1, 10)))
    assert bound(read(together.write(tmp_path / "together"))) == 4 / 2


def test_a_courier_who_is_off_helps_nobody(tmp_path: Path) -> None:
    couriers = ((0, 0, 0, 300), (1_000, 0, 0, 5))
    small = Small(stores=((1_000, 0),), couriers=couriers, orders=((1_000, 500, 5, 1, 10),))
    assert bound(read(small.write(tmp_path))) == 5 + 10 + 2 - 10


def test_an_order_that_nobody_can_fetch_bounds_nothing(tmp_path: Path) -> None:
    small = Small(stores=((3_000, 0),), couriers=((0, 0, 0, 30),), orders=((3_000, 100, 5, 1, 45),))
    assert bound(read(small.write(tmp_path))) == 0.0
