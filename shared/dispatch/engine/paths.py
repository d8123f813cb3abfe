"""Minimum-cost matching by shortest augmenting paths: jobs one after the other, each along the cheapest chain of moves.

The Hungarian method in its sparse form (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems", Computing 38, 1987). Every place has a price, 0 while it is free, that rises when jobs compete for it; a
job looks at cost and price together. A job that finds its cheapest place taken may push its holder to another place, and so
on; Dijkstra's algorithm finds the cheapest such chain, which ends at a free place or with a job that waits instead. After each
job the matching is the cheapest one of the jobs so far, so where places abound a job costs little more than a look at them.
"""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Ints
from shared.dispatch.engine.compiled import compiled
from shared.dispatch.engine.heap import pop, push

WAITS, NOBODY = -1, -1


@compiled
def cheapest_matching(
    begins: Ints, firsts: Ints, job: Ints, place: Ints, cost: Ints, wait: Ints, places: int, turns: Ints
) -> Ints:
    """int64[jobs]: the edge that carries each job, WAITS where it is cheaper to leave it.

    begins            int64[jobs + 1], where each job's edges begin
    firsts            int64[jobs], at which of its edges a job begins to look, and goes round
    job, place, cost  int64[edges], grouped by job; a place takes one job
    wait              int64[jobs], what leaving the job costs
    turns             int64[jobs], the order in which jobs get their turn

    Between equally cheap matchings `firsts` and `turns` decide.
    """
    edge_of = np.full(len(wait), WAITS, np.int64)
    holder = np.full(places, NOBODY, np.int64)
    price = np.zeros(places, np.int64)
    seen_in = np.full(places, NOBODY, np.int64)
    distance, through = np.empty(places, np.int64), np.empty(places, np.int64)
    settled = np.empty(places, np.int64)
    keys, values = np.empty(len(place) + 1, np.int64), np.empty(len(place) + 1, np.int64)
    for newcomer in turns:
        visitor, travelled, size, count = newcomer, np.int64(0), 0, 0
        shortest, last_place, gives_way = wait[newcomer], NOBODY, newcomer
        while True:
            begin, end = begins[visitor], begins[visitor + 1]
            for step in range(firsts[visitor], firsts[visitor] + end - begin):
                edge = step if step < end else step - end + begin
                to = place[edge]
                length = travelled + cost[edge] + price[to]
                if length < shortest and (seen_in[to] != newcomer or length < distance[to]):
                    seen_in[to], distance[to], through[to] = newcomer, length, edge
                    if holder[to] == NOBODY:
                        shortest, last_place = length, to
                    else:
                        size = push(keys, values, size, length, to)
            nearest = NOBODY
            while size > 0 and keys[0] < shortest and nearest == NOBODY:
                if keys[0] == distance[values[0]]:
                    nearest = values[0]
                size = pop(keys, values, size)
            if nearest == NOBODY:
                break
            settled[count] = nearest
            count += 1
            visitor = holder[nearest]
            travelled = distance[nearest] - cost[edge_of[visitor]] - price[nearest]
            if travelled + wait[visitor] < shortest:
                shortest, last_place, gives_way = travelled + wait[visitor], NOBODY, visitor
        for at in settled[:count]:
            price[at] += shortest - distance[at]
        _shift(newcomer, last_place, gives_way, edge_of, holder, through, job, place)
    return edge_of


@compiled
def _shift(
    newcomer: int, last_place: int, gives_way: int, edge_of: Ints, holder: Ints, through: Ints, job: Ints, place: Ints
) -> None:
    """Move every job on the chain one place on, from its end back to the newcomer."""
    to = last_place
    if to == NOBODY:
        if gives_way == newcomer:
            return
        to = place[edge_of[gives_way]]
        edge_of[gives_way] = WAITS
    while True:
        edge = through[to]
        mover = job[edge]
        left = edge_of[mover]
        edge_of[mover], holder[to] = edge, mover
        if mover == newcomer:
            return
        to = place[left]
