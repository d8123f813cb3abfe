"""A small random part of the decisions, drawn so that the probability of every decision is known exactly.

Logs of a rule that always takes the cheapest driver cannot tell what another rule would have got. Divided by the
probability with which they were made, they can (Horvitz and Thompson 1952; Bottou et al. 2013, counterfactual reasoning).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.parameters import Exploration

STREAM = 1
"""The draws have their own stream beside the one that shuffles the network, both from the tick's seed."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The edges that the matching and the dice gave, one per served job, by job; all [served].

    propensity  float64, probability that this edge would be drawn, given what the tick saw
    explored    bool, whether the dice decided, for the matching's edge or another
    """

    edge: Ints
    propensity: Floats
    explored: Flags


def explore(matched: Ints, job: Ints, driver: Ints, cost_s: Floats, rules: Exploration, seed: int) -> Drawn:
    """Let a share of the matched jobs draw their driver among near equals.

    matched               int64[served], edges that the matching chose, by job
    job, driver, cost_s   [edges], the candidates

    A job may draw its matched edge, or one that is at most `margin_s` dearer and whose driver the matching left without
    work; a driver whom several jobs could draw stands with the one that loses least by it. So no draw depends on another,
    the plan stays feasible, and with b the matched edge and A the edges a job may draw

        propensity(e) = (1 - ε)·[e = b] + ε · exp(-cost(e)/τ) / Σ_A exp(-cost/τ)

    is exact. A job with nothing to draw from has the propensity 1 and is not explored.
    """
    certain = Drawn(matched, np.ones(len(matched)), np.zeros(len(matched), dtype=np.bool_))
    if rules.rate == 0.0 or not len(matched):
        return certain
    alternative, of = _alternatives(matched, job, driver, cost_s, rules.margin_s)
    if not len(alternative):
        return certain
    edge = np.concatenate((matched, alternative))
    served = np.concatenate((np.arange(len(matched)), of))
    weight = np.exp((cost_s[matched][served] - cost_s[edge]) / rules.temperature_s)
    share = weight / np.bincount(served, weight)[served]
    random = np.random.default_rng((seed, STREAM))
    explored = (random.random(len(matched)) < rules.rate) & (np.bincount(served) > 1)
    # Gumbel's way to draw from a softmax: the largest of log share + noise (Gumbel 1954).
    score = np.log(np.maximum(share, np.finfo(np.float64).tiny)) + random.gumbel(size=len(edge))
    drawn = _largest(served, score, len(matched))
    taken = np.where(explored, drawn, np.arange(len(matched)))
    stayed = np.where(taken < len(matched), 1.0 - rules.rate, 0.0)
    return Drawn(edge[taken], stayed + rules.rate * share[taken], explored)


def _alternatives(matched: Ints, job: Ints, driver: Ints, cost_s: Floats, margin_s: float) -> tuple[Ints, Ints]:
    """(edge, row of `matched` whose job may draw it), int64[n], each idle driver once."""
    row = np.full(int(job.max()) + 1, -1, dtype=np.int64)
    row[job[matched]] = np.arange(len(matched))
    busy = np.zeros(int(driver.max()) + 1, dtype=np.bool_)
    busy[driver[matched]] = True
    candidates = np.flatnonzero((row[job] >= 0) & ~busy[driver])
    of = row[job[candidates]]
    loss_s = cost_s[candidates] - cost_s[matched][of]
    near = loss_s <= margin_s
    candidates, of, loss_s = candidates[near], of[near], loss_s[near]
    order = np.lexsort((loss_s, driver[candidates]))
    _, first = np.unique(driver[candidates[order]], return_index=True)
    kept = np.sort(order[first])
    return candidates[kept], of[kept]


def _largest(group: Ints, value: Floats, groups: int) -> Ints:
    """int64[groups]: where the largest value of each group stands."""
    order = np.argsort(value, kind="stable")
    largest = np.zeros(groups, dtype=np.int64)
    largest[group[order]] = order
    return largest
