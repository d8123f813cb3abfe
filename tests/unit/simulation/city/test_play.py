"""What happens in a made-up city: the same again from the same seed, and nothing lost, doubled or in two places."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dispatch.rules import COOL_DOWN, OFFER_TTL, escalated_minor
from shared.routing.geo import travel_time_s
from shared.simulation.city.agenda import Agenda
from shared.simulation.city.eta import Seen as Known
from shared.simulation.city.orders import End
from shared.simulation.city.parameters import Noise
from shared.simulation.city.records import Answer
from shared.simulation.variants import variants
from tests.unit.simulation.city.towns import BUSY, CALM, TOWN, Seen, played

HARSH = Noise(
    age_failure_share=0.1,
    refusal_share=0.2,
    patience_s=1_500.0,
    patience_sigma=0.5,
    no_show_share=0.3,
    silence_share=0.7,
)
"""Many orders are called off at every stage, and many offers run out."""


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    first, again, other = (played(seed=seed).digest.hexdigest() for seed in (1, 1, 2))
    assert first == again
    assert first != other


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), variant=st.sampled_from(sorted(variants)), harsh=st.booleans())
def test_each_order_ends_exactly_once_and_no_driver_has_two_things_at_once(
    seed: int, variant: str, harsh: bool
) -> None:
    city = replace(BUSY, noise=HARSH if harsh else Noise())
    seen = played(city, variant, seed)
    assert Counter(order.number for order in seen.orders) == Counter(range(city.orders))
    assert all(order.end for order in seen.orders)
    tally = seen.tally
    assert tally.delivered + tally.returned + tally.cancelled + tally.age_check_failed == tally.orders == city.orders
    _assert_nobody_is_in_two_places(seen)


def _assert_nobody_is_in_two_places(seen: Seen) -> None:
    """An offer binds a driver until its end, and an accepted one until the order is over."""
    bound = defaultdict(list)
    for offer in seen.offers:
        until = offer.order.ended if offer.answer is Answer.ACCEPTED else offer.ended
        bound[offer.driver].append((offer.at, until))
    for spans in bound.values():
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(spans)))
    for driver, spans in bound.items():
        on, off = seen.shifts[driver]
        assert on <= min(spans)[0]
        assert max(spans)[1] <= off
    ways = defaultdict(list)
    for leg in seen.legs:
        ways[leg.driver].append(leg)
    for legs in ways.values():
        for earlier, later in pairwise(legs):
            assert earlier.arrived <= later.departed
            assert earlier.destination == later.origin


def test_every_order_passes_its_stages_in_time() -> None:
    for order in played(replace(BUSY, noise=HARSH)).orders:
        if order.end in (End.DELIVERED, End.RETURNED):
            assert order.placed < order.accepted <= order.opens <= order.assigned <= order.at_store
            assert max(order.at_store, order.ready) + order.pickup_s == pytest.approx(order.picked)
            assert order.picked < order.at_door < order.ended
        elif order.end is End.CANCELLED:
            assert order.picked == 0.0
            assert order.ended == order.gives_up
        else:
            assert order.offers == 0


def test_refused_goods_go_back_to_their_store_and_the_driver_is_paid() -> None:
    seen = played(replace(TOWN, noise=replace(Noise(), refusal_share=1.0, restricted_share=1.0, patience_s=1e6)))
    assert seen.tally.delivered == 0
    assert seen.tally.returned == seen.tally.orders - seen.tally.age_check_failed
    back = [leg for leg in seen.legs if leg.kind == "return"]
    stores = {(order.lat, order.lng) for order in seen.orders}
    assert len(back) == seen.tally.returned
    assert all(leg.destination in stores for leg in back)
    assert seen.tally.paid_minor == sum(o.payout_minor for o in seen.orders if o.end is End.RETURNED) > 0


def test_offers_keep_the_rules_of_the_market() -> None:
    seen = played(BUSY)
    by_order = defaultdict(list)
    for offer in sorted(seen.offers, key=lambda offer: offer.at):
        assert offer.at % 3.0 == 0.0
        assert offer.ended - offer.at <= OFFER_TTL.total_seconds()
        assert (offer.answer is Answer.EXPIRED) == (offer.ended - offer.at == OFFER_TTL.total_seconds())
        by_order[offer.order.number].append(offer)
    assert any(len(offers) > 2 for offers in by_order.values())
    for offers in by_order.values():
        for earlier, later in pairwise(offers):
            assert later.at >= earlier.ended
            assert later.driver != earlier.driver or later.at >= earlier.ended + COOL_DOWN.total_seconds()
        order, failed = offers[0].order, sum(o.answer in (Answer.REJECTED, Answer.EXPIRED) for o in offers)
        assert order.attempts == failed
        assert order.payout_minor == escalated_minor(order.first_payout_minor, failed)


def test_without_noise_the_product_knows_when_it_leaves_the_store() -> None:
    seen = played(replace(TOWN, noise=CALM))
    assert seen.tally.delivered == TOWN.orders
    assert max(abs(order.at_door - order.eta_at_pickup) for order in seen.orders) < 1e-6
    assert seen.tally.close_at_pickup == TOWN.orders


class Seer:
    """Says half an hour to everybody, and remembers what it was told."""

    def __init__(self) -> None:
        self.asked: list[Known] = []

    def at_order(self, seen: Known) -> float:
        self.asked.append(seen)
        return 1_800.0

    def at_pickup(self, seen: Known) -> float:
        return travel_time_s(seen.metres) + 60.0


def test_another_predictor_is_asked_with_what_the_product_knows() -> None:
    seer = Seer()
    seen = played(TOWN, predictor=seer)
    assert len(seer.asked) == TOWN.orders
    assert {round(order.eta - order.placed, 6) for order in seen.orders} == {1_800.0}
    assert any(known.idle > 0 for known in seer.asked)
    by_store = {order.store: order.announced_s for order in seen.orders}
    assert all(by_store[known.store] == known.announced_s for known in seer.asked)


def test_several_days_follow_each_other() -> None:
    seen = played(TOWN, days=2)
    days = Counter(int(order.placed // 86_400) for order in seen.orders)
    assert days == {0: TOWN.orders, 1: TOWN.orders}
    assert len({order.number for order in seen.orders}) == 2 * TOWN.orders


def test_the_agenda_plays_in_order_and_refuses_the_past() -> None:
    agenda, heard = Agenda(), []
    for moment, what in ((5.0, "b"), (2.0, "a"), (5.0, "c")):
        agenda.at(moment, heard.append, what)
    agenda.play()
    assert heard == ["a", "b", "c"]
    with pytest.raises(ValueError, match="already"):
        agenda.at(1.0, heard.append, "too late")


def test_figures_of_regions_add_up() -> None:
    city = replace(BUSY, regions=2)
    first, second = (played(city, region=region) for region in (0, 1))
    together = first.tally + second.tally
    ctd = np.array([o.ended - o.placed for s in (first, second) for o in s.orders if o.end is End.DELIVERED])
    assert together.orders == city.orders
    assert together.ctd_s == pytest.approx(ctd.sum())
    assert together.ctd.sum() == len(ctd) == together.delivered
    assert together.busy.sum() == pytest.approx(
        sum(o.ended - o.assigned for s in (first, second) for o in s.orders if o.assigned)
    )
