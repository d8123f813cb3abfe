"""A city that learns: its ETAs come from the product's own learners, trained on its own first days."""

from __future__ import annotations

import numpy as np

from shared.orders import eta as rule
from shared.prediction import eta, preparation
from shared.simulation.city.eta import ProductRule, Seen
from shared.simulation.city.orders import End, Order
from shared.simulation.city.records import Ignore, hour

MEDIAN = preparation.SHARES.index(0.5)


class Learner(Ignore):
    """Foretells as the product's rule until `learn`, then with what the jobs `train_preparation` and `train_eta` would learn."""

    def __init__(self, stores: int) -> None:
        self._stores = stores
        self._orders: list[Order] = []
        self._rule = ProductRule()
        self._times_s = np.zeros((stores, 24))
        self._known = np.zeros(stores, dtype=np.bool_)
        self._offsets: dict[str, list[rule.Offsets]] = {}

    def order(self, order: Order) -> None:
        if order.end in (End.DELIVERED, End.RETURNED):
            self._orders.append(order)

    def learn(self) -> None:
        """From all orders so far. Raises NotEnoughData."""
        orders = self._orders
        prepared = preparation.Samples(
            at_s=np.array([o.accepted for o in orders]),
            store=np.array([o.store for o in orders]),
            region=np.zeros(self._stores, dtype=np.int64),
            hour=np.array([hour(o.accepted) for o in orders]),
            announced_s=np.array([o.announced_s for o in orders]),
            real_s=np.array([o.ready - o.accepted for o in orders]),
        )
        trained = preparation.train(prepared)
        self._times_s, self._known = trained.times_s[:, :, MEDIAN], trained.known
        self._offsets = {
            "order": eta.train(self._at_order(orders)).offsets_s.tolist(),
            "pickup": eta.train(self._at_pickup(orders)).offsets_s.tolist(),
        }

    def at_order(self, seen: Seen) -> float:
        if not self._offsets:
            return self._rule.at_order(seen)
        pressure, prep_s = (
            rule.pressure(seen.waiting, seen.idle),
            self._prep_s(seen.store, int(seen.hour), seen.announced_s),
        )
        return rule.at_order(prep_s, seen.metres, pressure, self._offsets["order"][int(seen.hour)]).likely_s

    def at_pickup(self, seen: Seen) -> float:
        if not self._offsets:
            return self._rule.at_pickup(seen)
        return rule.at_pickup(seen.metres, self._offsets["pickup"][int(seen.hour)]).likely_s

    def _prep_s(self, store: int, at_hour: int, announced_s: float) -> float:
        return float(self._times_s[store, at_hour]) if self._known[store] else announced_s

    def _at_order(self, orders: list[Order]) -> eta.Samples:
        prep_s = [self._prep_s(o.store, hour(o.placed), o.announced_s) for o in orders]
        return eta.Samples(
            at_s=np.array([o.placed for o in orders]),
            hour=np.array([hour(o.placed) for o in orders]),
            metres=np.array([o.metres for o in orders]),
            pressure=np.array([o.pressure for o in orders]),
            rule_s=np.array(
                [rule.at_order(s, o.metres, 0.0, None).rule_s for s, o in zip(prep_s, orders, strict=True)]
            ),
            told_s=np.array([o.eta - o.placed for o in orders]),
            real_s=np.array([o.at_door - o.placed for o in orders]),
        )

    def _at_pickup(self, orders: list[Order]) -> eta.Samples:
        return eta.Samples(
            at_s=np.array([o.picked for o in orders]),
            hour=np.array([hour(o.picked) for o in orders]),
            metres=np.array([o.metres for o in orders]),
            pressure=np.zeros(len(orders)),
            rule_s=np.array([rule.at_pickup(o.metres, None).rule_s for o in orders]),
            told_s=np.array([o.eta_at_pickup - o.picked for o in orders]),
            real_s=np.array([o.at_door - o.picked for o in orders]),
        )
