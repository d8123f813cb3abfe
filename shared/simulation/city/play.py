"""One region of a city, from its first order until the last one has ended and the last driver has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import numpy as np

from shared.dispatch.rules import COOL_DOWN, escalated_minor
from shared.dispatch.slots import SLOTS
from shared.orders.eta import PROMISE_WINDOW, pressure
from shared.simulation.city.agenda import Agenda
from shared.simulation.city.board import Board
from shared.simulation.city.demand import DAY_S, demand
from shared.simulation.city.desk import Desk
from shared.simulation.city.doorsteps import Doorsteps
from shared.simulation.city.draws import Draws
from shared.simulation.city.eta import Predictor, ProductRule, Seen
from shared.simulation.city.fleet import Fleet
from shared.simulation.city.orders import End, Order, Stage
from shared.simulation.city.parameters import City
from shared.simulation.city.places import Places
from shared.simulation.city.records import Answer, Leg, Offer, Watcher
from shared.simulation.city.travel import way_s
from shared.simulation.variants import Schedule

SLOT_S = SLOTS["tick"].total_seconds()


class Play:
    """The region's state, and what each happening does to it."""

    def __init__(
        self, city: City, schedule: Schedule, watchers: Sequence[Watcher], *, seed: int, region: int = 0, days: int = 1,
        predictor: Predictor | None = None, hour_passed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        draws = Draws(seed, region)
        self.places = Places.of(city, region, draws)
        self.fleet = Fleet.of(city, self.places, draws, region, days)
        self.board = Board()
        self._doorsteps = Doorsteps()
        self._city, self._noise, self._watchers, self._hours = city, city.noise, watchers, days * 24
        self._predictor = predictor or ProductRule()
        self._desk = Desk(city.noise, schedule, draws, seed)
        self._agenda = Agenda()
        self._tick_at = -1.0
        self._hour_passed = hour_passed
        self._offered: dict[int, Offer] = {}
        self._coming: Iterator[Order] = chain.from_iterable(
            demand(city, self.places, draws, region, day) for day in range(days)
        )

    def run(self) -> None:
        agenda = self._agenda
        for driver in np.flatnonzero(self.fleet.comes).tolist():
            agenda.at(float(self.fleet.on[driver]), self._come_on, driver)
            agenda.at(float(self.fleet.off[driver]), self._go_off, driver)
        for hour in range(1, self._hours + 1):
            agenda.at(hour * 3_600.0, self._tell_the_hour, hour)
        self._expect_next()
        agenda.play()

    # Orders, until they wait for a driver

    def _expect_next(self) -> None:
        order = next(self._coming, None)
        if order is not None:
            self._agenda.at(order.placed, self._place, order)

    def _place(self, order: Order) -> None:
        agenda = self._agenda
        seen = self._seen(order)
        order.pressure = pressure(seen.waiting, seen.idle)
        order.eta = agenda.now + self._predictor.at_order(seen)
        order.promised = order.eta + PROMISE_WINDOW.total_seconds() / 2
        order.payout_minor = order.first_payout_minor
        if order.of_age:
            agenda.at(order.opens, self._open, order)
            agenda.at(order.gives_up, self._give_up, order)
        else:
            agenda.at(order.accepted, self._fail_age_check, order)
        self._expect_next()

    def _fail_age_check(self, order: Order) -> None:
        self._end(order, End.AGE_CHECK_FAILED)

    def _open(self, order: Order) -> None:
        if order.stage is Stage.PREPARING:
            order.refusal_rate = self._doorsteps.refusal_rate(order)
            self._wait(order)

    def _give_up(self, order: Order) -> None:
        """The customer calls the order off, unless the goods are on their way."""
        if order.stage is Stage.OPEN:
            self.board.take(order)
        elif order.stage is Stage.OFFERED:
            self._conclude(self._offered[order.number], Answer.REVOKED)
        elif order.stage is Stage.ASSIGNED:
            self._stop_on_the_way(order)
            self._free(order)
        elif order.stage is not Stage.PREPARING:
            return
        self._end(order, End.CANCELLED)

    def _wait(self, order: Order) -> None:
        order.stage = Stage.OPEN
        self.board.put(order)
        self._wake()

    # The tick and its offers

    def _wake(self) -> None:
        """The next slot, once: idle slots cost nothing."""
        slot = (int(self._agenda.now / SLOT_S) + 1) * SLOT_S
        if self._tick_at < slot and self.board:
            self._tick_at = slot
            self._agenda.at(slot, self._tick, None)

    def _tick(self, _: None) -> None:
        idle = np.flatnonzero(self.fleet.idle)
        if not self.board or not len(idle):
            return
        offers = self._desk.decide(self.board, self.fleet, idle, self._agenda.now)
        for offer in offers:
            self.board.take(offer.order)
            offer.order.stage = Stage.OFFERED
            offer.order.offers += 1
            self._offered[offer.order.number] = offer
            self.fleet.idle[offer.driver] = False
            self.fleet.sent[offer.driver] += 1
            self._agenda.at(offer.answers, self._answer, offer)
        if len(offers) < len(idle):
            self._wake()

    def _answer(self, offer: Offer) -> None:
        if offer.answer is not None:
            return
        self._conclude(offer, offer.decides)
        if offer.answer is Answer.ACCEPTED:
            self._assign(offer)
            return
        order, now = offer.order, self._agenda.now
        order.attempts += 1
        order.payout_minor = escalated_minor(order.first_payout_minor, order.attempts)
        order.cooling[offer.driver] = now + COOL_DOWN.total_seconds()
        self._wait(order)

    def _conclude(self, offer: Offer, answer: Answer) -> None:
        offer.answer, offer.ended = answer, self._agenda.now
        del self._offered[offer.order.number]
        for watcher in self._watchers:
            watcher.offer(offer)
        if answer is not Answer.ACCEPTED:
            self._make_idle(offer.driver)

    # The delivery

    def _assign(self, offer: Offer) -> None:
        order, now = offer.order, self._agenda.now
        order.stage, order.driver, order.assigned = Stage.ASSIGNED, offer.driver, now
        order.at_store = now + offer.drive_s
        self.fleet.accepted[offer.driver] += 1
        self.fleet.busy += 1
        self._agenda.at(max(order.at_store, order.ready) + order.pickup_s, self._pick_up, order)

    def _pick_up(self, order: Order) -> None:
        if order.stage is not Stage.ASSIGNED:
            return
        now = self._agenda.now
        self._moved(order, "pickup", order.assigned, order.at_store, (order.lat, order.lng))
        order.stage, order.picked = Stage.CARRIED, now
        order.eta_at_pickup = now + self._predictor.at_pickup(self._seen(order))
        order.at_door = now + order.carry_noise * way_s(order.metres, self._noise.congestion, self._hour)
        self._moved(order, "door", now, order.at_door, (order.door_lat, order.door_lng))
        self._agenda.at(order.at_door + order.doorstep_s, self._hand_over, order)

    def _hand_over(self, order: Order) -> None:
        """At the door: done, or refused, and the goods have to go back to the store."""
        now = self._agenda.now
        self._doorsteps.saw(order)
        if not order.refused:
            self._pay_and_free(order)
            self._end(order, End.DELIVERED)
            return
        order.stage = Stage.RETURNING
        back = now + order.return_noise * way_s(order.metres, self._noise.congestion, self._hour)
        self._moved(order, "return", now, back, (order.lat, order.lng))
        self._agenda.at(back + self._noise.counter_s, self._bring_back, order)

    def _bring_back(self, order: Order) -> None:
        self._pay_and_free(order)
        self._end(order, End.RETURNED)

    def _pay_and_free(self, order: Order) -> None:
        self.fleet.earned_minor[order.driver] += order.payout_minor
        self._free(order)

    def _free(self, order: Order) -> None:
        self.fleet.busy -= 1
        for watcher in self._watchers:
            watcher.work(order.assigned, self._agenda.now)
        self._make_idle(order.driver)

    def _end(self, order: Order, end: End) -> None:
        order.stage, order.end, order.ended = Stage.ENDED, end, self._agenda.now
        for watcher in self._watchers:
            watcher.order(order)

    # Drivers

    def _come_on(self, driver: int) -> None:
        self.fleet.idle[driver] = True
        self._wake()

    def _go_off(self, driver: int) -> None:
        """Whoever has something in hand goes when it is done."""
        if self.fleet.idle[driver]:
            self._leave(driver)

    def _make_idle(self, driver: int) -> None:
        if self.fleet.off[driver] <= self._agenda.now:
            self._leave(driver)
        else:
            self.fleet.idle[driver] = True
            self._wake()

    def _leave(self, driver: int) -> None:
        self.fleet.idle[driver] = False
        for watcher in self._watchers:
            watcher.shift(driver, float(self.fleet.on[driver]), self._agenda.now)

    def _moved(self, order: Order, kind: str, departed: float, arrived: float, to: tuple[float, float]) -> None:
        fleet, driver = self.fleet, order.driver
        leg = Leg(driver, kind, departed, arrived, (float(fleet.lat[driver]), float(fleet.lng[driver])), to)
        fleet.lat[driver], fleet.lng[driver] = to
        for watcher in self._watchers:
            watcher.leg(leg)

    def _stop_on_the_way(self, order: Order) -> None:
        """The driver stays where the call came, on the straight line to the store."""
        now, fleet, driver = self._agenda.now, self.fleet, order.driver
        share = min(1.0, (now - order.assigned) / max(order.at_store - order.assigned, 1e-9))
        lat, lng = float(fleet.lat[driver]), float(fleet.lng[driver])
        reached = (lat + share * (order.lat - lat), lng + share * (order.lng - lng))
        self._moved(order, "pickup", order.assigned, min(now, order.at_store), reached)

    # What is known

    @property
    def _hour(self) -> float:
        return self._agenda.now % DAY_S / 3_600.0

    def _seen(self, order: Order) -> Seen:
        idle = int(np.count_nonzero(self.fleet.idle))
        return Seen(order.store, self._hour, order.announced_s, order.metres, len(self.board), idle)

    def _tell_the_hour(self, _: int) -> None:
        self._hour_passed()
