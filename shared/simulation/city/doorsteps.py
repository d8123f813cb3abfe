"""What the product has seen at the doors of each store, as `shared.dispatch.outcomes` counts it."""

from __future__ import annotations

from collections import Counter

from shared.simulation.city.orders import Order


class Doorsteps:
    """Restricted orders of each store that came to a door, and those that were refused there."""

    def __init__(self) -> None:
        self._came: Counter[int] = Counter()
        self._refused: Counter[int] = Counter()

    def saw(self, order: Order) -> None:
        if order.restricted:
            self._came[order.store] += 1
            self._refused[order.store] += order.refused

    def refusal_rate(self, order: Order) -> float:
        """The store's share, as if one of twenty before them had been refused; 0 for goods that anybody may receive."""
        return (self._refused[order.store] + 1) / (self._came[order.store] + 20) if order.restricted else 0.0
