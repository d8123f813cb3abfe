"""What a day of the simulator allows, and what follows from an assignment."""

from pathlib import Path

import pytest

from shared.simulation.day import Assignment, BrokenRule, World, carry_out, play
from shared.simulation.instance import read
from shared.simulation.metrics import measure
from shared.simulation.policies import policies
from tests.unit.simulation.days import Small

ONE_STORE = Small(
    stores=((1_000, 0),),
    couriers=((0, 0, 0, 60),),
    orders=((1_000, 550, 5, 1, 20), (1_000, 1_000, 6, 1, 20)),
)


def world_of(small: Small, folder: Path, now: float, known: int) -> World:
    import numpy as np

    world = World.dawn(read(small.write(folder)), exact=False)
    world.now, world.open = now, np.arange(known)
    return world


def test_a_courier_drives_waits_for_the_goods_and_serves_the_doors_in_sequence(tmp_path: Path) -> None:
    world = world_of(ONE_STORE, tmp_path, now=7.0, known=2)
    carry_out(world, Assignment(0, (0, 1)))
    [route] = world.routes
    assert route.picked == 20.0
    assert route.dropped == (20 + 2 + 6 + 2, 30 + 2 + 5 + 2)
    assert world.free_at[0] == 41.0
    assert [(m.departed, m.origin, m.destination) for m in world.moves] == [(7, 3, 2), (22, 2, 0), (32, 0, 1)]
    assert len(world.open) == 0


def test_whoever_comes_after_the_goods_needs_half_the_service_first(tmp_path: Path) -> None:
    world = world_of(ONE_STORE, tmp_path, now=15.0, known=2)
    carry_out(world, Assignment(0, (0,)))
    assert world.routes[0].picked == 15 + 10 + 2


@pytest.mark.parametrize(
    ("now", "known", "assignment", "why"),
    [
        (5.0, 1, Assignment(0, (1,)), "not all open"),
        (7.0, 2, Assignment(0, (0, 0)), "not all open"),
        (7.0, 2, Assignment(0, ()), "not all open"),
        (50.0, 2, Assignment(0, (0,)), "after the end of the shift"),
    ],
)
def test_an_order_nobody_knows_or_a_late_pickup_is_refused(
    tmp_path: Path, now: float, known: int, assignment: Assignment, why: str
) -> None:
    with pytest.raises(BrokenRule, match=why):
        carry_out(world_of(ONE_STORE, tmp_path, now, known), assignment)


def test_a_courier_under_way_takes_no_instruction(tmp_path: Path) -> None:
    world = world_of(ONE_STORE, tmp_path, now=7.0, known=2)
    carry_out(world, Assignment(0, (0,)))
    world.now = 12.0
    with pytest.raises(BrokenRule, match="under way"):
        carry_out(world, Assignment(0, (1,)))


def test_a_policy_hears_of_orders_at_their_placement(tmp_path: Path) -> None:
    heard: list[tuple[float, int]] = []

    def listen(world: World) -> list[Assignment]:
        heard.append((world.now, len(world.open)))
        return []

    play(read(ONE_STORE.write(tmp_path)), listen)
    assert heard[:3] == [(5.0, 1), (6.0, 2), (7.0, 2)]
    assert heard[-1][0] == 60.0


def test_figures_are_those_of_the_definitions(tmp_path: Path) -> None:
    world = world_of(ONE_STORE, tmp_path, now=7.0, known=2)
    carry_out(world, Assignment(0, (0, 1)))
    metrics = measure(world)
    assert metrics.ctd_mean == ((30 - 5) + (39 - 6)) / 2
    assert metrics.floor_mean == ((15 + 2 + 6 + 2) + (14 + 2 + 10 + 2)) / 2
    assert (metrics.per_bundle, metrics.undelivered, metrics.rtp) == (2.0, 0, 0.0)
    assert (metrics.pay, metrics.per_order) == (20.0, 10.0)
    assert metrics.utilisation == (41 - 7) / 60


def test_a_day_without_deliveries_has_figures_too(tmp_path: Path) -> None:
    metrics = measure(play(read(ONE_STORE.write(tmp_path)), lambda world: []))
    assert (metrics.undelivered, metrics.ctd_mean, metrics.pay) == (2, 0.0, 15.0)


FAR_STORE = Small(stores=((3_000, 0),), couriers=((0, 0, 0, 120),), orders=((3_000, 100, 40, 1, 45),))
"""Half an hour from the only courier, for an order that is ready five minutes after it is placed."""


@pytest.mark.parametrize(("foresight", "picked"), [(0.0, 72.0), (10.0, 62.0), (30.0, 45.0)])
def test_who_knows_an_order_early_sets_out_early_and_the_goods_are_ready_no_sooner(
    tmp_path: Path, foresight: float, picked: float
) -> None:
    day = play(read(FAR_STORE.write(tmp_path)), policies["nearest"](0), foresight=foresight)
    assert [route.picked for route in day.routes] == [picked]
