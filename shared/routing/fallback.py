"""A chain of routers, and who of them answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.routing.protocol import Answer, Floats, Ints, Route, Router, RouterUnavailable

log = logging.getLogger(__name__)

Found = TypeVar("Found")


class FallbackRouter:
    """The first router of the chain that can answer does. Raises RouterUnavailable only when none can."""

    def __init__(self, chain: Sequence[Router]) -> None:
        """The best first; put last one that never fails. Raises ValueError for an empty chain."""
        if not chain:
            raise ValueError("a chain of routers needs at least one")
        self._chain = tuple(chain)

    @property
    def name(self) -> str:
        """Of the router that is asked first; who really answered is in an `Answer`."""
        return self._chain[0].name

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        return self._first(lambda router: router.times(origins, destinations))

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        return self.answer(origins, destinations, origin, destination).seconds

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        return self._first(lambda router: router.answer(origins, destinations, origin, destination))

    def route(self, points: Floats) -> Route:
        return self._first(lambda router: router.route(points))

    def _first(self, ask: Callable[[Router], Found]) -> Found:
        refusals = []
        for router in self._chain:
            try:
                return ask(router)
            except RouterUnavailable as refusal:
                log.warning("%s cannot answer: %s", router.name, refusal)
                refusals.append(f"{router.name}: {refusal}")
        raise RouterUnavailable("; ".join(refusals))


class Recording:
    """A source of travel times for one tick that remembers who answered.

    `measure(problem, recording, parameters, ...)` asks it like any router; afterwards `recording.router` is the name for
    the offer log, such as "osrm", "graph+haversine".
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._names: dict[str, None] = {}

    @property
    def router(self) -> str:
        """Who answered so far, in order of first appearance; before any question, who would be asked first."""
        return "+".join(self._names) or self._router.name

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        answer = self._router.answer(origins, destinations, origin, destination)
        if len(origin):
            self._names.update(dict.fromkeys(answer.router.split("+")))
        return answer.seconds
