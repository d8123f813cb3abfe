"""Dijkstra's search by scipy: what serves where the wheel of the contraction is missing, and what tests hold it against."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from shared.routing.protocol import Floats, Ints
from shared.routing.roads.network import RoadGraph
from shared.routing.search.ends import Ends

BOUND_S = 900.0
"""How far searches look first; what is further is searched for again without a bound."""

TOGETHER = 48
"""Destinations searched from at once: each takes eight bytes per node."""


class Dijkstra:
    """Fastest ways over a matrix of the fastest arc between each two nodes, searched backwards from destinations."""

    def __init__(self, graph: RoadGraph, seconds: Floats) -> None:
        """`seconds` float64[a]. Parallel arcs are reduced to the fastest first: a sparse matrix would add them up."""
        nodes = len(graph.lat)
        order = np.lexsort((seconds, graph.head, graph.tail))
        tail, head = graph.tail[order], graph.head[order]
        fastest = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
        self._arc = order[fastest]
        size = (nodes, nodes)
        tail, head, weight = tail[fastest], head[fastest], seconds[self._arc]
        self._forward = csr_matrix((weight, (tail, head)), shape=size)
        self._backward = csr_matrix((weight, (head, tail)), shape=size)
        self._key = tail.astype(np.int64) * nodes + head
        self._nodes = nodes

    def table(self, exits: Ends, entries: Ends) -> Floats:
        seconds = np.empty((len(exits.node), len(entries.node)))
        for first in range(0, len(entries.node), TOGETHER) if seconds.size else ():
            block = slice(first, first + TOGETHER)
            part = Ends(entries.node[block], entries.seconds[block])
            found = self._block(exits, part, BOUND_S)
            if np.isinf(found).any():
                found = self._block(exits, part, np.inf)
            seconds[:, block] = found
        return seconds

    def cells(self, exits: Ends, entries: Ends, origin: Ints, destination: Ints) -> Floats:
        seconds = np.empty(len(origin))
        rows = np.argsort(destination, kind="stable")
        targets, starts = np.unique(destination[rows], return_index=True)
        for first in range(0, len(targets), TOGETHER):
            chosen = targets[first : first + TOGETHER]
            end = starts[first + TOGETHER] if first + TOGETHER < len(starts) else len(rows)
            cells = rows[starts[first] : end]
            pinned, row = np.unique(origin[cells], return_inverse=True)
            column = np.searchsorted(chosen, destination[cells])
            part = Ends(exits.node[pinned], exits.seconds[pinned]), Ends(entries.node[chosen], entries.seconds[chosen])
            found = self._block(*part, BOUND_S)[row, column]
            if np.isinf(found).any():
                found = self._block(*part, np.inf)[row, column]
            seconds[cells] = found
        return seconds

    def path(self, exits: Ends, entries: Ends) -> list[int]:
        starts = np.flatnonzero(np.isfinite(exits.seconds[0]))
        targets = np.flatnonzero(np.isfinite(entries.seconds[0]))
        spent, before = dijkstra(self._forward, indices=exits.node[0, starts], return_predecessors=True)
        goals = entries.node[0, targets]
        whole = exits.seconds[0, starts][:, None] + spent[:, goals] + entries.seconds[0, targets]
        start, goal = np.unravel_index(np.argmin(whole), whole.shape)
        return self._arcs(before[start], int(goals[goal]))

    def _block(self, exits: Ends, entries: Ends, bound_s: float) -> Floats:
        """float64[n, m] seconds, infinite beyond the bound."""
        nodes, place = np.unique(entries.node, return_inverse=True)
        spent = dijkstra(self._backward, indices=nodes, limit=bound_s)
        place = place.reshape(entries.node.shape)
        best = np.full((len(exits.node), len(entries.node)), np.inf)
        for leaving in range(2):
            for reaching in range(2):
                between = spent[place[:, reaching]][:, exits.node[:, leaving]].T
                whole = exits.seconds[:, leaving, None] + between + entries.seconds[None, :, reaching]
                np.minimum(best, whole, out=best)
        return np.round(best, 3)

    def _arcs(self, before: Any, node: int) -> list[int]:
        """The arcs of the tree of predecessors up to a node."""
        nodes = [node]
        while (node := int(before[node])) >= 0:
            nodes.append(node)
        ways = np.array(nodes[::-1], dtype=np.int64)
        arcs: list[int] = self._arc[np.searchsorted(self._key, ways[:-1] * self._nodes + ways[1:])].tolist()
        return arcs
