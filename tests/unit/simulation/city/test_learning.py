"""Two policies see the same chances, and what a city leaves behind teaches the truth it was made with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shared.dispatch.engine import Acceptance
from shared.prediction.acceptance import train
from shared.simulation.city.orders import End
from shared.simulation.city.parameters import TRUTH, Noise
from shared.simulation.city.records import Answer, observations, preparations, travels
from tests.unit.simulation.city.towns import BUSY, CALM, TOWN, Seen, played

GIVEN = ("placed", "accepted", "opens", "ready", "gives_up", "pickup_s", "carry_noise", "refused", "of_age", "metres")


def test_policies_change_neither_demand_nor_kitchens_nor_whom_chance_turns_away() -> None:
    flow, score = (
        {order.number: order for order in played(BUSY, variant).orders}
        for variant in ("min_cost_flow", "weighted_score")
    )
    assert flow.keys() == score.keys()
    for number, order in flow.items():
        assert all(getattr(order, name) == getattr(score[number], name) for name in GIVEN)
    assert any(order.driver != score[number].driver for number, order in flow.items())


def test_a_driver_asked_the_same_thing_as_often_gives_the_same_answer_under_any_policy() -> None:
    def answers(seen: Seen) -> dict[tuple[int, int], tuple[float, Answer]]:
        asked: dict[int, int] = {}
        found = {}
        for offer in sorted(seen.offers, key=lambda offer: offer.at):
            nth = asked[offer.driver] = asked.get(offer.driver, -1) + 1
            found[offer.driver, nth] = offer.willing, offer.decides
        return found

    flow, score = answers(played(BUSY)), answers(played(BUSY, "weighted_score"))
    common = flow.keys() & score.keys()
    same = [
        flow[key][1] is Answer.ACCEPTED
        for key in common
        if flow[key][0] <= score[key][0] and flow[key][1] is Answer.ACCEPTED and score[key][1] is not Answer.ACCEPTED
    ]
    assert len(common) > 100
    assert same == [], "whoever takes an offer takes a more attractive one too, at the same number of offers"


def test_offers_are_taken_as_often_as_the_truth_says() -> None:
    seen = played(replace(BUSY, orders=3_000, drivers=100))
    answered = [offer for offer in seen.offers if offer.answer is not Answer.REVOKED]
    willing = np.array([offer.willing for offer in answered])
    taken = np.array([offer.answer is Answer.ACCEPTED for offer in answered])
    error = np.sqrt((willing * (1 - willing)).sum()) / len(willing)
    assert len(answered) > 3_000
    assert abs(taken.mean() - willing.mean()) < 4 * error
    low = willing < np.median(willing)
    assert taken[low].mean() < taken[~low].mean()


def test_a_learner_finds_the_truth_that_the_engine_does_not_know() -> None:
    truth = Acceptance(
        version="known", intercept=0.6, history=0.0, approach=-0.15, idle=0.0, pay=0.8, night=0.0, attempts=0.0
    )
    city = replace(BUSY, orders=6_000, drivers=220, noise=Noise(acceptance=truth))
    trained = train(observations(played(city).offers), Acceptance(), "learnt")
    assert trained.promoted
    assert abs(trained.model.approach - truth.approach) < 0.04
    assert abs(trained.model.pay - truth.pay) < 0.3
    assert trained.candidate.calibration < 0.05 < trained.incumbent.calibration


def test_the_default_truth_is_not_what_the_engine_believes() -> None:
    tally = played(BUSY).tally
    offers, believed, accepted = tally.calibration.sum(axis=0)
    assert Acceptance() != TRUTH
    assert accepted / offers < believed / offers - 0.05


def test_preparation_and_travel_samples_are_of_orders_that_came_to_a_door() -> None:
    seen = played(BUSY)
    reached = [order for order in seen.orders if order.end in (End.DELIVERED, End.RETURNED)]
    prepared, driven = preparations(seen.orders), travels(seen.orders)
    assert len(prepared) == len(driven) == len(reached)
    assert [sample.real_s for sample in prepared] == [order.ready - order.accepted for order in reached]
    assert {sample.hour for sample in prepared} <= set(range(24))
    logs = np.log([sample.real_s / sample.expected_s for sample in driven])
    assert abs(logs.std() - Noise().travel_sigma) < 0.03


def test_without_noise_kitchens_take_what_they_announce() -> None:
    samples = preparations(played(replace(TOWN, noise=CALM)).orders)
    assert {round(sample.real_s - sample.announced_s, 6) for sample in samples} == {0.0}
