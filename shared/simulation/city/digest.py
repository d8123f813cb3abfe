"""One hash over everything that happened: two runs with the same digest went the same way to the last bit."""

from __future__ import annotations

import hashlib
from struct import pack

from shared.simulation.city.orders import Order
from shared.simulation.city.records import Ignore, Offer


class Digest(Ignore):
    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def order(self, order: Order) -> None:
        moments = (order.placed, order.eta, order.assigned, order.picked, order.at_door, order.ended)
        self._hash.update(pack("<qqq6d", order.number, order.driver, order.offers, *moments))
        self._hash.update(str(order.end).encode())

    def offer(self, offer: Offer) -> None:
        self._hash.update(
            pack("<qq4d", offer.order.number, offer.driver, offer.at, offer.ended, offer.believed, offer.willing)
        )
        self._hash.update(str(offer.answer).encode())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
