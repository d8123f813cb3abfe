"""When to decide: hold a job that may get a better driver, send an offer in time for the goods, pool two jobs or not."""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.parameters import Timing


def free_rate(busy_drivers: int, cycle_s: float) -> float:
    """λ: drivers who come free per second. Little's law (Little 1961): that many are busy for that long each."""
    return busy_drivers / cycle_s


def latest_pickup(ready_s: Floats, promised_s: Floats, carry_s: Floats, dwell_s: float) -> Floats:
    """Seconds from now: a driver who comes to the store later lets the goods stand, or comes late to the door.

    Less the way, it is the latest departure, at which a job gets urgent; negative when that is past.
    """
    return np.minimum(ready_s, promised_s - carry_s - dwell_s)


def reservation_way(furthest_s: Floats, share: Floats, rate: float, value: Floats, cost: float) -> Floats:
    """t*, seconds: a driver nearer than this is taken at once, and a further one not before the job gets urgent.

        value · λ·share · t*³ / (3 · furthest²) = cost

    furthest_s  float64[n], way of the furthest of a job's candidates
    share       float64[n], of the region's drivers, how many are nearer than the furthest candidate, who draws the circle
    rate        λ, drivers who come free per second
    value       float64[n], cost of a second of the way
    cost        of a second of holding

    The reservation price of a search without end (McCall 1970): hold while the expected gain of one more second,
    value · λ·share · E[(t - X)⁺], exceeds its cost. Drivers who come free are scattered as those who are free now,
    evenly in the plane near the store (Larson and Odoni 1981, 3.7), so P(X ≤ x) = (x / furthest)² of the share.
    +inf where nobody comes free or nothing is gained.
    """
    hope = value * rate * share
    third_power = np.divide(3.0 * cost * furthest_s**2, hope, out=np.full_like(hope, np.inf), where=hope > 0.0)
    return np.cbrt(third_power)


def holding_price(
    job: Ints, way_s: Floats, travel: Floats, p_accept: Floats, cost_s: Floats, pickup_s: Floats, share: Floats,
    rate: float, timing: Timing,
) -> Floats:  # fmt: skip
    """float64[jobs]: what waiting costs a job that should be held, +inf for one that should not.

    job, way_s, travel, p_accept, cost_s   [edges]: the pairs, the way until the driver is at the store, terms and cost
    pickup_s                               float64[jobs], by `latest_pickup`
    share, rate                            as in `reservation_way`

    A held job's price is what its cheapest pair would cost with a driver t* away, so that pair waits, while a job that
    has a driver nearer than t* is matched as ever, and its drivers stay free for others.
    """
    jobs = len(pickup_s)
    cheapest = cheapest_edge(job, cost_s, jobs)
    candidates = np.flatnonzero(cheapest >= 0)
    furthest_s = np.zeros(jobs)
    np.maximum.at(furthest_s, job, way_s)
    best = cheapest[candidates]
    second = np.divide(travel[best], way_s[best], out=np.zeros(len(best)), where=way_s[best] > 0.0)
    enough_s = reservation_way(furthest_s[candidates], share[candidates], rate, second, timing.hold_cost)
    held = (way_s[best] > enough_s) & (pickup_s[candidates] - way_s[best] > timing.lead_s)
    price = np.full(jobs, np.inf)
    gain_s = second[held] * (way_s[best] - np.minimum(enough_s, way_s[best]))[held] / p_accept[best][held]
    price[candidates[held]] = np.maximum(cost_s[best][held] - gain_s, 0.0)
    return price


def in_time(idle_s: Floats, timing: Timing) -> Flags:
    """bool[n]: whose driver, leaving now, would not stand in the store for longer than the slack."""
    if not timing.just_in_time:
        return np.ones(len(idle_s), dtype=np.bool_)
    return idle_s <= timing.slack_s


def worth_pooling(first_s: Floats, second_s: Floats, pooled_s: Floats, share: float) -> Flags:
    """bool[n]: do two jobs of these lengths, driven together in `pooled_s`, save more than a share of the shorter one?

    Ways keep the triangle inequality, so together they last at least as long as the longer one, and the most that
    pooling can save is the shorter one whole: `share` from 0 (any saving) to 1 (never) spans all there is to choose.
    """
    return first_s + second_s - pooled_s > share * np.minimum(first_s, second_s)


def cheapest_edge(job: Ints, cost_s: Floats, jobs: int) -> Ints:
    """int64[jobs]: the first of a job's cheapest edges, -1 for a job without any."""
    least = np.full(jobs, np.inf)
    np.minimum.at(least, job, cost_s)
    at = np.flatnonzero(cost_s == least[job])[::-1]
    cheapest = np.full(jobs, -1, dtype=np.int64)
    cheapest[job[at]] = at
    return cheapest
