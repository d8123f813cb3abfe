"""The queues that named tasks go into, and how fast each may be worked off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """`paths` are what its tasks call; `rate_per_s` and `concurrent` limit the calls. After `attempts` a task is given up:
    the sweepers do what is left."""

    name: str
    paths: tuple[str, ...]
    rate_per_s: int
    concurrent: int
    attempts: int


DISPATCH = Queue(
    "dispatch", ("/internal/dispatch/tick", "/internal/dispatch/batch"), rate_per_s=100, concurrent=20, attempts=2
)
"""Slots of both loops. One that comes too late is dropped, so trying for long makes no sense."""

OFFERS = Queue("offers", ("/internal/dispatch/expire_offer",), rate_per_s=200, concurrent=50, attempts=8)
"""The deadline of each offer."""

QUEUES = (DISPATCH, OFFERS)
