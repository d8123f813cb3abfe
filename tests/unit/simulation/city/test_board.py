"""The board of waiting orders: what a tick reads of it is what the orders say."""

from __future__ import annotations

import numpy as np
import pytest

from shared.simulation.city.board import Board
from shared.simulation.city.draws import Draws
from shared.simulation.city.fleet import Fleet
from shared.simulation.city.places import Places
from shared.simulation.city.snapshot import snapshot
from tests.unit.simulation.city.towns import BUSY, played

NOW = 45_000.0


def test_a_snapshot_says_of_each_order_what_the_product_would() -> None:
    orders = [order for order in played(BUSY).orders if order.offers and order.opens <= NOW][-150:]
    assert any(order.ready > NOW for order in orders)
    board = Board()
    for order in orders:
        board.put(order)
    for order in orders[::3]:
        board.take(order)
    left = [order for n, order in enumerate(orders) if n % 3]
    assert len(board) == len(left)
    draws = Draws(1, 0)
    order = left[7]
    order.cooling = {2: NOW + 1.0, 3: NOW - 1.0, 5: NOW + 1.0}
    board.take(order)
    board.put(order)
    slots = board.slots()
    fleet = Fleet.of(BUSY, Places.of(BUSY, 0, draws), draws, 0, 1)
    fleet.on[:] = NOW - 3_600.0
    problem = snapshot(board, slots, fleet, np.array([1, 2, 4]), NOW)
    seen = [board.order(int(slot)) for slot in slots]
    assert {o.number for o in seen} == {o.number for o in left}
    for row, o in enumerate(seen):
        expected = o.ready if o.ready <= NOW else o.accepted + o.announced_s
        assert problem.jobs.ready_s[row] == pytest.approx(expected - NOW)
        assert problem.jobs.promised_s[row] == pytest.approx(o.promised - NOW)
        assert problem.jobs.refusal_rate[row] == o.refusal_rate
        assert (o.refusal_rate > 0.0) == o.restricted
        assert problem.jobs.payout_minor[row] == o.payout_minor
        assert (problem.jobs.pickup_lat[row], problem.jobs.dropoff_lng[row]) == (o.lat, o.door_lng)
    assert problem.excluded.tolist() == [[seen.index(order), 1]], "of drivers 1, 2 and 4 only 2 is cooling down"


def test_an_order_that_does_not_wait_cannot_be_taken() -> None:
    board, order = Board(), played(BUSY).orders[0]
    with pytest.raises(KeyError):
        board.take(order)
