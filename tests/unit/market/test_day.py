"""Days read from public instances, made up, and made troublesome."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from infra.market.day import OPENS_AT, TROUBLES, read_instance, with_trouble
from infra.market.generated import MINUTES, generate_day, intensity
from infra.market.world import Door, Intention
from shared.simulation.files import CENTRE, Projection, UnreadableInstance

FILES = {
    "restaurants": "restaurant\tx\ty\nr1\t1000\t2000\nr2\t3000\t2000\n",
    "couriers": "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t0\t90\nc2\t4000\t4000\t300\t400\n",
    "orders": "order\tx\ty\tplacement_time\trestaurant\tready_time\no1\t100\t200\t43\tr2\t60\no2\t300\t400\t12\tr1\t30\n",
    "instance_parameters": (
        "meters_per_minute\tpickup service minutes\tdropoff service minutes\ttarget click-to-door\tmaximum click-to-door\t"
        "pay per order\tguaranteed pay per hour\n320\t4\t2\t40\t90\t10\t15\n"
    ),
}


def an_instance(folder: Path, **files: str) -> Path:
    for name, text in {**FILES, **files}.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_an_instance_is_read_with_its_times_places_and_parameters(tmp_path: Path) -> None:
    day = read_instance(an_instance(tmp_path))
    assert [order.name for order in day.orders] == ["o2", "o1"]
    assert day.orders[0].placed_at == OPENS_AT + timedelta(minutes=12)
    assert day.orders[0].ready_at == OPENS_AT + timedelta(minutes=30)
    assert [day.shops[order.shop].name for order in day.orders] == ["r1", "r2"]
    assert (day.couriers[1].on_at, day.couriers[1].off_at) == (
        OPENS_AT + timedelta(minutes=300),
        OPENS_AT + timedelta(minutes=400),
    )
    assert (day.m_per_min, day.pickup_service, day.dropoff_service) == (320, timedelta(minutes=4), timedelta(minutes=2))


@pytest.mark.parametrize(
    "damage",
    [
        {"orders": "order\tx\ty\tplacement_time\trestaurant\tready_time\no1\t100\t200\t43\tr2\n"},
        {"orders": "order\tx\ty\tplacement_time\trestaurant\tready_time\no1\t100\t200\t43\tr9\t60\n"},
        {"couriers": "courier\tx\ty\ton_time\toff_time\nc1\tnorth\t0\t0\t90\n"},
        {"restaurants": "restaurant\tx\nr1\t1000\nr2\t4\n"},
    ],
    ids=["a column is missing in a row", "an unknown restaurant", "a place that is no number", "a column is missing"],
)
def test_a_damaged_instance_is_refused(tmp_path: Path, damage: dict[str, str]) -> None:
    with pytest.raises(UnreadableInstance):
        read_instance(an_instance(tmp_path, **damage))


def test_the_projection_keeps_distances_and_puts_the_middle_at_the_centre() -> None:
    to = Projection.around([(0.0, 0.0), (12_000.0, 10_000.0)])
    middle, corner = to.position(6_000, 5_000), to.position(0, 0)
    assert middle.distance_m(CENTRE) < 0.01
    assert corner.distance_m(middle) == pytest.approx(7_810.25, rel=1e-3)
    assert corner.distance_m(to.position(12_000, 0)) == pytest.approx(12_000, rel=1e-3)
    assert to.position(6_000, 9_000).lat > CENTRE.lat
    assert to.position(9_000, 5_000).lng > CENTRE.lng


def test_the_first_orders_of_a_day_come_with_the_couriers_who_can_serve_them(tmp_path: Path) -> None:
    day = read_instance(an_instance(tmp_path)).first(1)
    assert [order.name for order in day.orders] == ["o2"]
    assert [courier.name for courier in day.couriers] == ["c1"]


def test_a_generated_day_has_the_size_and_the_peaks_of_a_real_one() -> None:
    days = [generate_day(seed) for seed in range(20)]
    assert all((len(day.shops), len(day.couriers)) == (116, 113) for day in days)
    assert sum(len(day.orders) for day in days) / len(days) == pytest.approx(505, rel=0.05)
    hours = Counter(int((order.placed_at - OPENS_AT) / timedelta(hours=1)) for day in days for order in day.orders)
    assert hours[9] > 1.5 * hours[3] > 2 * hours[6]
    assert max(hours) * 60 <= MINUTES


def test_a_generated_day_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert generate_day(3) == generate_day(3)
    assert generate_day(3) != generate_day(4)


def test_somebody_works_at_every_minute_of_a_generated_day() -> None:
    day = generate_day(1)
    for order in day.orders:
        assert any(courier.on_at <= order.placed_at <= courier.off_at for courier in day.couriers)
        assert order.ready_at > order.placed_at


def test_demand_never_exceeds_its_bound_so_that_thinning_is_exact() -> None:
    assert all(0 < intensity(minute / 10) <= 1 for minute in range(MINUTES * 10))


def test_a_twentieth_of_a_day_goes_wrong_in_every_way_the_same_each_time() -> None:
    day = generate_day(1)
    troubled = with_trouble(day, seed=7)
    assert troubled == with_trouble(day, seed=7) != with_trouble(day, seed=8)
    wrong = [(o.intention, o.door) for o in troubled.orders if (o.intention, o.door) != (Intention.BUY, Door.GOOD)]
    assert 0.02 < len(wrong) / len(day.orders) < 0.09
    assert set(wrong) == set(TROUBLES)
