"""The fastest way that keeps turn restrictions: a search from arc to arc instead of from node to node.

A restriction over several arcs needs memory of how an arc was reached. States are the arcs, and one more for every beginning
of such a restriction, joined as Aho and Corasick (1975) join the beginnings of words.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import RoadGraph

Arcs = tuple[int, ...]


class Turns:
    """Which arcs may follow each other. A driver turns back only at a dead end."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        arcs = len(graph.tail)
        self._banned = frozenset(tuple(arc for arc in row if arc >= 0) for row in graph.forbidden.tolist())
        self._lengths = sorted({len(row) for row in self._banned})
        begun = sorted({row[:size] for row in self._banned for size in range(2, len(row))})
        self._state = {arcs_of: arcs + at for at, arcs_of in enumerate(begun)}
        self._last = np.append(np.arange(arcs), [row[-1] for row in begun]).astype(np.int64)
        source, target = self._plain()
        more = [pair for row, state in self._state.items() for pair in self._from(state, row)]
        extra = np.array(more, dtype=np.int64).reshape(-1, 2)
        self._source, self._target = np.append(source, extra[:, 0]), np.append(target, extra[:, 1])

    def keeps(self, arcs: list[int]) -> bool:
        """Whether no arcs in a row are forbidden to follow each other."""
        return not any(
            tuple(arcs[at : at + size]) in self._banned for size in self._lengths for at in range(len(arcs) - size + 1)
        )

    def weighted(self, seconds: Floats) -> csr_matrix:
        """What `path` searches: from state to state, weighted with the seconds float64[a] of the arc turned onto."""
        size = len(self._last)
        return csr_matrix((seconds[self._last[self._target]], (self._source, self._target)), shape=(size, size))

    def path(
        self, turns: csr_matrix, starts: list[tuple[int, float]], ends: list[tuple[int, float]], bound_s: float
    ) -> list[int] | None:
        """The arcs of the fastest allowed way, both ends included; None where there is none.

        `turns`: of `weighted`; `starts` and `ends`: arcs with the seconds spent on them; `bound_s`: where to look first.
        """
        for bound in (bound_s, np.inf):
            found = self._bounded(turns, starts, ends, bound)
            if found is not None:
                return found
        return None

    def _plain(self) -> tuple[Ints, Ints]:
        """The turns from arcs that were reached in no special way."""
        graph, arcs = self._graph, len(self._graph.tail)
        first, leaving = graph.leaving
        count = np.diff(first)[graph.head]
        source = np.repeat(np.arange(arcs), count)
        nth = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
        target = leaving[first[graph.head[source]] + nth].astype(np.int64)
        back = (target == graph.reverse[source]) & (count[source] > 1)
        code = source * arcs + target
        banned = np.isin(code, [one * arcs + other for one, other in (row for row in self._banned if len(row) == 2)])
        begun = {row[0] * arcs + row[1]: state for row, state in self._state.items() if len(row) == 2}
        for at in np.flatnonzero(np.isin(code, list(begun))):
            target[at] = begun[int(code[at])]
        return source[~back & ~banned], target[~back & ~banned]

    def _from(self, state: int, row: Arcs) -> list[tuple[int, int]]:
        """The turns from an arc that was reached over the beginning of a restriction."""
        onward = self._graph.out_of(int(self._graph.head[row[-1]])).tolist()
        turns = []
        for arc in onward:
            back = arc == self._graph.reverse[row[-1]] and len(onward) > 1
            ways = [(*row, arc)[at:] for at in range(len(row))]
            if not back and not any(way in self._banned for way in ways):
                turns.append((state, next((self._state[way] for way in ways if way in self._state), arc)))
        return turns

    def _bounded(
        self, turns: csr_matrix, starts: list[tuple[int, float]], ends: list[tuple[int, float]], bound_s: float
    ) -> list[int] | None:
        arcs = [arc for arc, _ in starts]
        spent, before = dijkstra(turns, indices=arcs, limit=bound_s, return_predecessors=True)
        spent = spent + np.array([first for _, first in starts])[:, None]
        best, way = np.inf, None
        for end, last in ends:
            into = self._source[self._last[self._target] == end]
            if len(into) == 0:
                continue
            row, column = np.unravel_index(np.argmin(spent[:, into]), (len(arcs), len(into)))
            total = spent[row, into[column]] + last
            if total < best:
                best, way = total, [*self._chain(before[row], int(into[column])), end]
        return way

    def _chain(self, before: Ints, state: int) -> list[int]:
        """The arcs of the tree of predecessors up to a state."""
        states = [state]
        while (state := int(before[state])) >= 0:
            states.append(state)
        arcs: list[int] = self._last[states[::-1]].tolist()
        return arcs
