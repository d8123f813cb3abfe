"""The dispatcher's desk: the live engine's decision, and what chance makes of each offer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shared.dispatch.engine import Plan, Problem, acceptance_features, solve
from shared.dispatch.engine.columns import Ints
from shared.dispatch.engine.roads import measure
from shared.dispatch.rules import OFFER_TTL
from shared.simulation.city.board import Board
from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.fleet import Fleet
from shared.simulation.city.orders import Order
from shared.simulation.city.parameters import Noise
from shared.simulation.city.records import Answer, Offer
from shared.simulation.city.snapshot import snapshot
from shared.simulation.city.travel import router
from shared.simulation.variants import Schedule, variants

TTL_S = OFFER_TTL.total_seconds()
LAST_MOMENT_S = 0.5
"""Whoever answers at all answers this long before the offer ends."""


class Desk:
    """`decide` is one tick: what the engine offers, with how each driver will answer and how long the way will take."""

    def __init__(self, noise: Noise, schedule: Schedule, draws: Draws, seed: int) -> None:
        self._noise, self._schedule, self._draws, self._seed = noise, schedule, draws, seed

    def decide(self, board: Board, fleet: Fleet, idle: Ints, now: float) -> list[Offer]:
        variant = self._schedule(now)
        parameters = variants[variant]
        slots = board.slots()
        problem = snapshot(board, slots, fleet, idle, now)
        roads = router(self._noise.congestion, problem.region.hour_of_day)
        problem = measure(problem, roads, parameters, roads.name)
        plan = solve(problem, parameters, self._seed)
        if not len(plan.chosen):
            return []
        orders = [board.order(slot) for slot in slots[plan.job[plan.chosen]].tolist()]
        return self._offers(problem, plan, orders, fleet, idle[plan.driver[plan.chosen]], now, variant)

    def _offers(
        self, problem: Problem, plan: Plan, orders: Sequence[Order], fleet: Fleet, drivers: Ints, now: float, variant: str
    ) -> list[Offer]:  # fmt: skip
        chosen, noise, draws = plan.chosen, self._noise, self._draws
        seen = acceptance_features(problem, plan, chosen)
        willing = noise.acceptance.probability(seen)
        asked = fleet.sent[drivers]
        takes = draws.uniform(Source.ACCEPTANCE, drivers, asked) < willing
        silent = ~takes & (draws.uniform(Source.SILENCE, drivers, asked) < noise.silence_share)
        delay_s = draws.around(noise.answer_s, noise.answer_sigma, Source.ANSWER, drivers, asked)
        delay_s = np.where(silent, TTL_S, np.minimum(delay_s, TTL_S - LAST_MOMENT_S))
        approach_s = plan.approach_s[chosen]
        attempt = np.array([(order.number, order.offers) for order in orders], dtype=np.int64)
        drive_s = approach_s * draws.around(1.0, noise.travel_sigma, Source.APPROACH, attempt[:, 0], attempt[:, 1])
        decides = np.where(takes, Answer.ACCEPTED, np.where(silent, Answer.EXPIRED, Answer.REJECTED))
        columns = (
            drivers, now + delay_s, plan.terms.p_accept[chosen], willing, approach_s, drive_s, decides,
            seen.history, seen.approach_s, seen.idle_s, seen.pay_doublings, seen.attempts,
        )  # fmt: skip
        return [
            Offer(
                order, driver, now, answers, variant, (history, approach, stand, pay, seen.night, tries),
                believed, truly, approach, drive, Answer(decision),
            )
            for order, (driver, answers, believed, truly, approach, drive, decision, history, _, stand, pay, tries)
            in zip(orders, zip(*(column.tolist() for column in columns), strict=True), strict=True)
        ]  # fmt: skip
