"""The orders that wait for a driver, as columns: a tick reads a thousand of them at once, and none one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.city.orders import Order

COLUMNS = (
    "lat", "lng", "door_lat", "door_lng", "ready", "promised", "opens", "payout_minor", "attempts", "restricted",
    "refusal_rate",
)  # fmt: skip


class Board:
    """Each order has a slot while it waits. What a column holds of it does not change meanwhile."""

    def __init__(self) -> None:
        self._rows = np.zeros((64, len(COLUMNS) + 1))
        self._taken = np.zeros(64, dtype=np.bool_)
        self._orders: list[Order | None] = [None] * 64
        self._slot: dict[int, int] = {}
        self._free = list(range(63, -1, -1))
        self._tried: set[int] = set()

    def __len__(self) -> int:
        return len(self._slot)

    def put(self, order: Order) -> None:
        if not self._free:
            self._grow()
        slot = self._free.pop()
        expected = order.accepted + order.announced_s
        self._rows[slot] = (*(getattr(order, name) for name in COLUMNS), expected)
        self._taken[slot], self._orders[slot], self._slot[order.number] = True, order, slot
        if order.cooling:
            self._tried.add(slot)

    def take(self, order: Order) -> None:
        """Raises KeyError when it does not wait."""
        slot = self._slot.pop(order.number)
        self._taken[slot], self._orders[slot] = False, None
        self._tried.discard(slot)
        self._free.append(slot)

    def slots(self) -> Ints:
        """int64[waiting], ascending."""
        return np.flatnonzero(self._taken)

    def columns(self, slots: Ints) -> dict[str, Floats]:
        """COLUMNS by name, and `expected`, when the merchant believes the goods to be ready; float64[waiting]."""
        return dict(zip((*COLUMNS, "expected"), self._rows[slots].T, strict=True))

    def order(self, slot: int) -> Order:
        """Raises KeyError for an empty slot."""
        order = self._orders[slot]
        if order is None:
            raise KeyError(slot)
        return order

    def tried(self) -> Iterator[tuple[int, Order]]:
        """(slot, order) of those with a failed offer."""
        return ((slot, self.order(slot)) for slot in sorted(self._tried))

    def _grow(self) -> None:
        size = len(self._taken)
        self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._taken = np.concatenate((self._taken, np.zeros_like(self._taken)))
        self._orders += [None] * size
        self._free = list(range(2 * size - 1, size - 1, -1))
