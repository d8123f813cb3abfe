"""Turns at Firestore's emulator, which at times mixes the bytes of answers that meet.

It answers a Listen stream from every thread that commits (github.com/firebase/firebase-js-sdk/issues/6724). So there nobody
commits while another does, or while a target waits for its answer. The service needs no turns, and nobody waits for one.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

LONGEST_S = 0.5
"""How long a commit waits for its turn, at most."""


class Turns:
    """Of one process. Where there are none, everything is allowed at once."""

    def __init__(self, *, taken: bool) -> None:
        self._lock = threading.Lock() if taken else None

    @contextmanager
    def to_commit(self) -> Iterator[None]:
        """While nobody else commits and no target waits for its answer; not waited for long."""
        if self._lock is None or not self._lock.acquire(timeout=LONGEST_S):
            yield
            return
        try:
            yield
        finally:
            self._lock.release()

    def to_ask(self) -> "Asking":
        """For one Listen stream."""
        return Asking(self._lock)


class Asking:
    """The targets of a stream that wait for their answer: as long as there is one, the turn is this stream's."""

    def __init__(self, lock: "threading.Lock | None") -> None:
        self._lock = lock
        self._unanswered: set[int] = set()

    def asks(self, target: int) -> None:
        """Waits until nobody commits."""
        if self._lock is not None:
            if not self._unanswered:
                self._lock.acquire()
            self._unanswered.add(target)

    def answered(self, targets: Iterable[int]) -> None:
        if self._lock is not None and self._unanswered:
            self._unanswered.difference_update(targets)
            if not self._unanswered:
                self._lock.release()

    def given_up(self) -> None:
        """Nobody answers what was asked until now."""
        self.answered(tuple(self._unanswered))
