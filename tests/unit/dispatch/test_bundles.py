"""Which orders travel together: gates, margin, and sequences that are always feasible."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dispatch.engine import bundles
from shared.dispatch.engine.bundles import Bundle, Bundling, Stop, Waiting, routes
from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.planner.plan import plan

TOGETHER = (Stop(0, True), Stop(1, True), Stop(0, False), Stop(1, False))
SPEED_M_S = 8.0


def town(
    stores: list[tuple[float, float]], doors: list[tuple[float, float]], **columns: object
) -> tuple[Waiting, Floats]:
    """Orders from stores to doors, both in metres, with the seconds between all places, each place once."""
    count = len(stores)
    points, row = np.unique(np.array([*stores, *doors], dtype=np.float64), axis=0, return_inverse=True)
    travel_s = np.linalg.norm(points[:, None] - points[None], axis=2) / SPEED_M_S
    usual = {
        "ready_s": np.zeros(count),
        "promised_s": np.full(count, 3_600.0),
        "approach_s": np.full(count, 300.0),
    }
    ids = np.array([f"tsk_{n}" for n in range(count)])
    return Waiting(id=ids, pickup=row[:count], dropoff=row[count:], **(usual | columns)), travel_s


def neighbours(**columns: object) -> tuple[Waiting, Floats]:
    """Two orders of one store to doors beside each other."""
    return town([(0, 0), (0, 0)], [(4_000, 0), (4_000, 200)], **columns)


def test_two_doors_side_by_side_are_worth_one_trip() -> None:
    waiting, travel_s = neighbours()
    bundle = bundles.judge(TOGETHER, waiting, travel_s, Bundling())
    assert bundle is not None
    assert bundle.orders == (0, 1)
    assert bundle.apart_s == (300 + 120 + 500 + 120, pytest.approx(300 + 120 + 500.6 + 120, abs=0.1))
    assert bundle.offset_s == pytest.approx((0, 0, 30 + 500, 30 + 500 + 120 + 25))
    together_s = 300 + 120 + 30 + 500 + 120 + 25 + 120
    assert bundle.saving_s == pytest.approx(sum(bundle.apart_s) - together_s)
    assert bundle.delay_s == pytest.approx(30 + (together_s - 120 - 920.6), abs=0.1)


def test_opposite_directions_are_not() -> None:
    waiting, travel_s = town([(0, 0), (0, 0)], [(4_000, 0), (-4_000, 0)])
    assert bundles.judge(TOGETHER, waiting, travel_s, Bundling()) is None


def test_no_order_is_late_that_would_have_been_in_time_alone() -> None:
    alone_s = 300 + 120 + 500.6
    for promised_s, allowed in ((alone_s + 400, True), (alone_s + 100, False), (alone_s - 100, True)):
        waiting, travel_s = neighbours(promised_s=np.array([3_600.0, promised_s]))
        found = bundles.judge(TOGETHER, waiting, travel_s, Bundling())
        assert (found is not None) == allowed, "a promise that cannot be kept anyway shuts no gate"


def test_goods_that_are_ready_much_later_are_not_waited_for() -> None:
    waiting, travel_s = neighbours(ready_s=np.array([0.0, 1_500.0]))
    assert bundles.judge(TOGETHER, waiting, travel_s, Bundling()) is None


def test_goods_do_not_take_long_detours() -> None:
    waiting, travel_s = neighbours()
    assert bundles.judge(TOGETHER, waiting, travel_s, Bundling(detour_s=100.0)) is None


def test_more_orders_than_fit_are_no_bundle() -> None:
    waiting, travel_s = neighbours()
    assert bundles.judge(TOGETHER, waiting, travel_s, Bundling(orders=1)) is None


@pytest.mark.parametrize("parameter", ["saving_share", "delay_rate"])
def test_the_margin_decides(parameter: str) -> None:
    waiting, travel_s = neighbours()
    values = np.arange(0.0, 6.0, 0.25).tolist()
    kept = [bundles.judge(TOGETHER, waiting, travel_s, replace(Bundling(), **{parameter: value})) for value in values]
    verdicts = [bundle is not None for bundle in kept]
    assert verdicts[0]
    assert not verdicts[-1]
    assert verdicts == sorted(verdicts, reverse=True), "a higher bar never lets more through"


def test_an_order_joins_where_its_goods_are_fetched_and_the_others_keep_their_sequence() -> None:
    waiting, travel_s = town([(0, 0), (1_000, 0), (0, 0)], [(4_000, 0), (5_000, 0), (4_000, 100)])
    trip = (Stop(0, True), Stop(1, True), Stop(0, False), Stop(1, False))
    joined = bundles.join(trip, 2, 300.0, waiting, travel_s, Bundling(detour_s=2_000))
    assert joined is not None
    assert [stop for stop in joined.stops if stop.order != 2] == list(trip)
    assert joined.stops[1] == Stop(2, True)


def test_an_order_of_another_store_does_not_join() -> None:
    waiting, travel_s = town([(0, 0), (10, 0)], [(4_000, 0), (4_000, 0)])
    assert bundles.join((Stop(0, True), Stop(0, False)), 1, 300.0, waiting, travel_s, Bundling()) is None


def test_what_joins_makes_nobody_late() -> None:
    waiting, travel_s = neighbours(promised_s=np.array([3_600.0, 3_600.0]))
    trip = (Stop(0, True), Stop(0, False))
    assert bundles.join(trip, 1, 300.0, waiting, travel_s, Bundling()) is not None
    tight, _ = neighbours(promised_s=np.array([925.0, 3_600.0]))
    joined = bundles.join(trip, 1, 300.0, tight, travel_s, Bundling())
    assert joined is None, "the order that is on the trip would come thirty seconds later than it was promised"


def test_clusters_are_small_and_hold_everybody_once() -> None:
    random = np.random.default_rng(5)
    stores = random.normal((32.8, -96.8), 0.05, (1_000, 2))
    groups = routes.clusters(stores, np.arange(1_000), 100)
    assert max(len(group) for group in groups) <= 100
    assert sorted(np.concatenate(groups).tolist()) == list(range(1_000))
    spread = np.mean([stores[group].std(axis=0).max() for group in groups])
    assert spread < 0.5 * stores.std(axis=0).max(), "a cluster is a neighbourhood"


def towns() -> st.SearchStrategy[tuple[Waiting, Floats]]:
    def build(seed: int, orders: int, shops: int) -> tuple[Waiting, Floats]:
        random = np.random.default_rng(seed)
        stores = random.uniform(0, 3_000, (shops, 2))[random.integers(0, shops, orders)]
        doors = random.uniform(0, 5_000, (orders, 2))
        return town(
            [tuple(store) for store in stores], [tuple(door) for door in doors], ready_s=random.uniform(-300, 900, orders),
            promised_s=random.uniform(300, 4_000, orders), approach_s=random.uniform(0, 900, orders),
        )  # fmt: skip

    return st.builds(build, st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 4))


@settings(max_examples=40, deadline=None)
@given(town=towns(), orders=st.integers(2, 4))
def test_every_bundle_is_feasible_and_better_than_its_orders_apart(town: tuple[Waiting, Floats], orders: int) -> None:
    waiting, travel_s = town
    bundling = Bundling(orders=orders, seconds=0.02)
    found = routes.worthwhile(
        plan(routes.routing(waiting, travel_s, bundling), bundling.seconds, 1), waiting, travel_s, bundling
    )
    taken = Counter(order for bundle in found for order in bundle.orders)
    assert set(taken.values()) <= {1}, "no order is in two bundles"
    for bundle in found:
        check_sequence(bundle, orders)
        check_promises(bundle, waiting, travel_s, bundling)
        assert bundle.worth_s(bundling) > 0


def check_sequence(bundle: Bundle, capacity: int) -> None:
    load, fetched, handed_over = 0, set(), set()
    for number, stop in enumerate(bundle.stops):
        if stop.pickup:
            assert stop.order not in fetched, "each task is in it once"
            fetched.add(stop.order)
        else:
            assert stop.order in fetched - handed_over, "goods are fetched before they are handed over"
            handed_over.add(stop.order)
        load += 1 if stop.pickup else -1
        assert load <= capacity
        assert load > 0 or number == len(bundle.stops) - 1, "goods are on board from the first stop to the last"
    assert fetched == handed_over
    assert len(fetched) >= 2


def check_promises(bundle: Bundle, waiting: Waiting, travel_s: Floats, bundling: Bundling) -> None:
    alone_s = bundles.alone(waiting, travel_s, bundling)
    first_s = float(waiting.approach_s[bundle.orders[0]])
    at_s = bundles.arrivals(bundle.stops, waiting, travel_s, bundling, first_s)
    for stop, arrival_s in zip(bundle.stops, at_s, strict=False):
        if not stop.pickup and alone_s[stop.order] <= waiting.promised_s[stop.order]:
            assert arrival_s <= waiting.promised_s[stop.order]


def test_impossible_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="orders"):
        Bundling(orders=0)
    with pytest.raises(ValueError, match="saving_share"):
        Bundling(saving_share=-0.1)
