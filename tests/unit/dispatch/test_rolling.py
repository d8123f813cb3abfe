"""Rolling decisions: what is committed now, what stays open, and why."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling import (
    Demand,
    Departure,
    Fleet,
    Orders,
    Outlook,
    Relocation,
    Rolling,
    decide,
    prepositioned,
    updated,
)
from shared.dispatch.engine.rolling.matching import OUT, assign

PLAIN = Rolling(worth_s=0.0, pay_s=0.0)
"""Nothing but delay counts."""


def outlook(
    orders: list[tuple[float, float, float]], drivers: list[tuple[float, float, float]], *, seen_at: float = 0.0
) -> Outlook:
    """On a line where a unit is a second: orders are (store, door, ready), drivers (place, available, off)."""
    n, m = len(orders), len(drivers)
    place = np.array([o[0] for o in orders] + [o[1] for o in orders] + [d[0] for d in drivers] + [seen_at])

    def travel(origin: Ints, destination: Ints) -> Floats:
        return np.asarray(np.abs(place[origin] - place[destination]))

    stores = [next(k for k in range(n) if orders[k][0] == o[0]) for o in orders]
    return Outlook(
        Orders(
            store=np.array(stores, dtype=np.int64),
            door=n + np.arange(n),
            ready_s=np.array([o[2] for o in orders], dtype=float),
            promised_s=np.full(n, 2_400.0),
        ),
        Fleet(
            point=2 * n + np.arange(m),
            available_s=np.array([d[1] for d in drivers], dtype=float),
            off_s=np.array([d[2] for d in drivers], dtype=float),
            shortfall=np.full(m, 10.0),
        ),
        Demand(store=np.array([2 * n + m]), orders=np.ones(1)),
        travel,
        pickup_s=240.0,
        dropoff_s=240.0,
    )


def test_a_driver_leaves_when_waiting_longer_would_make_the_goods_wait() -> None:
    assert decide(outlook([(300, 900, 480)], [(0, 0, inf)]), PLAIN).departures == ()
    assert decide(outlook([(300, 900, 479)], [(0, 0, inf)]), PLAIN).departures == (Departure(0, (0,)),)


def test_a_driver_who_is_soon_free_nearby_is_waited_for() -> None:
    assert decide(outlook([(0, 500, 0)], [(900, 0, inf), (0, 300, inf)]), PLAIN).departures == ()
    assert decide(outlook([(0, 500, 0)], [(900, 0, inf), (0, 1_200, inf)]), PLAIN).departures == (Departure(0, (0,)),)


def test_nobody_is_sent_to_a_pickup_after_the_shift() -> None:
    assert decide(outlook([(300, 900, 0)], [(0, 0, 419)]), PLAIN).departures == ()
    assert decide(outlook([(300, 900, 0)], [(0, 0, 420)]), PLAIN).departures == (Departure(0, (0,)),)


def test_two_orders_of_one_store_to_neighbours_go_together_when_drivers_are_few() -> None:
    decision = decide(outlook([(0, 650, 0), (0, 600, 0)], [(0, 0, inf)]), PLAIN)
    assert decision.departures == (Departure(0, (1, 0)),)


def test_two_orders_in_opposite_directions_go_apart() -> None:
    world = outlook([(0, 900, 0), (0, -900, 0)], [(0, 0, inf), (50, 0, inf)])
    departures = decide(world, PLAIN).departures
    assert sorted(due.orders for due in departures) == [(0,), (1,)]


def test_three_orders_to_one_house_go_together() -> None:
    decision = decide(outlook([(0, 600, 0), (0, 600, 0), (0, 600, 0)], [(0, 0, inf)]), PLAIN)
    assert sorted(decision.departures[0].orders) == [0, 1, 2]


def test_a_driver_who_stands_apart_is_drawn_in_by_an_order_that_can_wait_for_the_way() -> None:
    world = outlook([(0, 500, 800)], [(700, 0, inf), (0, 0, inf)])
    far = replace(world, next_s=120.0)
    assert decide(far, replace(PLAIN, worth_s=600.0)).departures == (Departure(0, (0,)),)


def test_an_order_goes_to_the_driver_who_is_paid_for_it_anyway() -> None:
    world = outlook([(0, 500, 0)], [(0, 0, inf), (60, 0, inf)])
    fleet = replace(world.fleet, shortfall=np.array([0.0, 1.0]))
    assert decide(world, PLAIN).departures[0].driver == 0
    assert decide(replace(world, fleet=fleet), replace(PLAIN, pay_s=180.0)).departures[0].driver == 1


def test_pressure_grows_with_late_orders_and_fades_without() -> None:
    late = decide(outlook([(0, 600, 0), (50, -600, 0), (99, 900, 0)], [(0, 0, inf)]), PLAIN)
    assert late.pressure > 0.0
    calm = outlook([(0, 600, 0)], [(0, 0, inf)])
    assert decide(replace(calm, pressure=late.pressure), PLAIN).pressure < late.pressure


def test_without_orders_or_drivers_nothing_is_decided() -> None:
    assert decide(outlook([], [(0, 0, inf)]), PLAIN).departures == ()
    assert decide(outlook([(0, 500, 0)], []), PLAIN).departures == ()


def test_an_assignment_leaves_out_only_what_finds_no_slot() -> None:
    costs = np.array([[10.0, 500.0], [20.0, 5_000.0], [30.0, inf]])
    slot, cost = assign(costs, np.ones(3, dtype=np.int64), hold_s=100.0)
    assert sorted(slot.tolist()) == [OUT, 0, 1]
    assert cost[slot == OUT] > 30.0


def test_drivers_are_idle_when_the_plan_has_nothing_for_them() -> None:
    drivers = [(0.0, 0.0, inf), (900.0, 0.0, inf), (500.0, 600.0, inf)]
    assert decide(outlook([(0, 500, 600)], drivers), PLAIN).idle == (1,)
    assert decide(outlook([], drivers), PLAIN).idle == (0, 1)


def demand_at(places: dict[float, float], drivers: list[tuple[float, float, float]]) -> Outlook:
    """Orders were seen at these places, so many at each; points are the drivers first, then the places."""
    place = np.array([d[0] for d in drivers] + list(places))
    base = outlook([], drivers)
    return replace(
        base,
        fleet=replace(base.fleet, point=np.arange(len(drivers))),
        demand=Demand(store=len(drivers) + np.arange(len(places)), orders=np.array(list(places.values()))),
        travel=lambda origin, destination: np.asarray(np.abs(place[origin] - place[destination])),
    )


NEAR = Rolling(near_s=240.0, far_s=1_200.0)


@pytest.mark.parametrize(
    ("way_s", "moves"), [(240.0, ()), (241.0, (Relocation(0, 1),)), (1_200.0, (Relocation(0, 1),)), (1_201.0, ())]
)
def test_an_idle_driver_goes_where_orders_are_likely_if_that_is_neither_near_nor_far(
    way_s: float, moves: tuple[Relocation, ...]
) -> None:
    assert prepositioned(demand_at({way_s: 1.0}, [(0, 0, inf)]), np.array([0]), NEAR) == moves


def test_idle_drivers_spread_over_the_stores_as_the_orders_do() -> None:
    world = demand_at({600.0: 2.0, -600.0: 1.0}, [(0, 0, inf)] * 3)
    moves = prepositioned(world, np.arange(3), NEAR)
    assert sorted(move.store for move in moves) == [3, 3, 4]


def test_a_place_that_a_busy_driver_will_cover_draws_nobody() -> None:
    world = demand_at({600.0: 1.0, 0.0: 1.0}, [(0, 0, inf), (600, 900, inf)])
    assert prepositioned(world, np.array([0]), NEAR) == ()


def test_only_idle_drivers_are_moved() -> None:
    world = demand_at({600.0: 1.0}, [(0, 0, inf), (50, 0, inf)])
    assert prepositioned(world, np.array([1]), NEAR) == (Relocation(1, 2),)
    assert prepositioned(world, np.array([], dtype=np.int64), NEAR) == ()


def test_a_driver_in_the_store_takes_an_order_to_a_neighbour_along() -> None:
    world = outlook([(0, 600, 0), (0, 650, 0)], [(600, 900, inf)])
    assert updated(world, 0, (0,), PLAIN) == (0, 1)


def test_a_driver_in_the_store_leaves_an_order_in_the_other_direction_to_another() -> None:
    world = outlook([(0, 900, 0), (0, -900, 0)], [(900, 1_200, inf), (0, 0, inf)])
    assert updated(world, 0, (0,), PLAIN) == (0,)


def test_a_driver_in_the_store_takes_nothing_from_another_store_and_no_more_than_three() -> None:
    other = outlook([(0, 600, 0), (10, 600, 0)], [(600, 900, inf)])
    assert updated(other, 0, (0,), PLAIN) == (0,)
    many = outlook([(0, 600, 0)] * 5, [(600, 900, inf)])
    assert len(updated(many, 0, (4,), PLAIN)) == 3


def test_impossible_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="spread_s"):
        Rolling(spread_s=0.0)
    with pytest.raises(ValueError, match="near_s"):
        Rolling(near_s=600.0, far_s=300.0)
    with pytest.raises(ValueError, match="memory"):
        Rolling(memory=1.0)


spots = st.integers(-2_000, 2_000).map(float)
minutes = st.integers(0, 1_500).map(float)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 700.0]), spots, minutes), max_size=7),
    st.lists(st.tuples(spots, st.sampled_from([0.0, 0.0, 400.0]), st.integers(0, 6_000).map(float)), max_size=5),
)
def test_a_decision_keeps_the_rules_and_is_the_same_again(
    orders: list[tuple[float, float, float]], drivers: list[tuple[float, float, float]]
) -> None:
    world = outlook(orders, drivers)
    decision = decide(world, Rolling())
    assert decision == decide(world, Rolling())
    served = [order for due in decision.departures for order in due.orders]
    assert len(served) == len(set(served))
    assert len({due.driver for due in decision.departures}) == len(decision.departures)
    for due in decision.departures:
        place, available, off = drivers[due.driver]
        assert available == 0.0
        assert len({orders[n][0] for n in due.orders}) == 1
        pickup = max(abs(place - orders[due.orders[0]][0]) + 120.0, *(orders[n][2] for n in due.orders))
        assert pickup <= off
