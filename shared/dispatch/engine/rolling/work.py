"""Work: the jobs of a plan, each one order or a bundle of one store with its sequence of doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.dispatch.engine.rolling.outlook import Outlook

LARGEST = 3
"""Orders in a bundle, at most."""

Members = tuple[int, ...]
"""Rows of the outlook's orders, in the sequence of their doors."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Jobs with their times; the last axis of `member` and `door_s` is the position in the sequence.

    members   what each job is made of
    member    int64[jobs, 3], the same; -1 beyond the last
    size      int64[jobs]
    store     int64[jobs], points
    end       int64[jobs], points: the last door
    ready_s   float64[jobs], when the last of the goods is ready
    door_s    float64[jobs, 3], from the pickup until the goods change hands at the door
    free_s    float64[jobs], from the pickup until the driver is free
    least_s   float64[jobs, 3], the earliest that each order can be at its door, however it is served
    """

    members: tuple[Members, ...]
    member: Ints
    size: Ints
    store: Ints
    end: Ints
    ready_s: Floats
    door_s: Floats
    free_s: Floats
    least_s: Floats

    def __len__(self) -> int:
        return len(self.members)

    @classmethod
    def of(cls, members: Sequence[Members], outlook: Outlook) -> Work:
        """Lay the jobs out."""
        orders, travel = outlook.orders, outlook.travel
        member = np.array([(*m, *(-1,) * (LARGEST - len(m))) for m in members], dtype=np.int64).reshape(-1, LARGEST)
        size = (member >= 0).sum(axis=1)
        half = (outlook.pickup_s + outlook.dropoff_s) / 2
        carry_s = half + travel(orders.store, orders.door)
        door_s = np.zeros(member.shape)
        door_s[:, 0] = carry_s[member[:, 0]]
        for k in range(1, LARGEST):
            more = size > k
            hop_s = travel(orders.door[member[more, k - 1]], orders.door[member[more, k]])
            door_s[more, k] = door_s[more, k - 1] + outlook.dropoff_s + hop_s
        last = np.arange(len(member)), size - 1
        return cls(
            members=tuple(members),
            member=member,
            size=size,
            store=orders.store[member[:, 0]],
            end=orders.door[member[last]],
            ready_s=np.where(member >= 0, orders.ready_s[member], -np.inf).max(axis=1),
            door_s=door_s,
            free_s=door_s[last] + outlook.dropoff_s / 2,
            least_s=(orders.ready_s + carry_s)[member],
        )
