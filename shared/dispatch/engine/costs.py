"""The terms of the objective, each alone: arrays in, an array out, one value per edge unless said otherwise.

    cost(d, j) = (α·T + β·L + γ·E + ρ·R + λ·F + μ·Z) / p_accept(d, j)

T, L and E are seconds. R is a probability; the expected way back of refused goods, in seconds, is weighed beside it.
F and Z are pure numbers in [-1, 1], negative when the pair does good.
"""

from __future__ import annotations

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.engine.parameters import Clockwork, Margins


def eta(available_s: Floats, approach_s: Floats, ready_s: Floats, carry_s: Floats, clockwork: Clockwork) -> Floats:
    """Seconds from now to the door: whoever comes last to the store, driver or goods, decides when they leave it."""
    return np.maximum(np.maximum(available_s + approach_s, ready_s), 0.0) + clockwork.pickup_dwell_s + carry_s


def idle(available_s: Floats, approach_s: Floats, ready_s: Floats) -> Floats:
    """Seconds the driver would stand in the store."""
    return np.maximum(ready_s - available_s - approach_s, 0.0)


def stale(available_s: Floats, approach_s: Floats, ready_s: Floats) -> Floats:
    """Seconds from now on that ready goods would wait for the driver."""
    return np.maximum(available_s + approach_s - np.maximum(ready_s, 0.0), 0.0)


def effort(eta_s: Floats, idle_s: Floats, stale_s: Floats, clockwork: Clockwork) -> Floats:
    """E: the time to the door, with waiting on either side of the counter charged on top; seconds."""
    return eta_s + clockwork.idle_rate * idle_s + clockwork.stale_rate * stale_s


def lateness(eta_s: Floats, promised_s: Floats, knee_s: float) -> Floats:
    """L: 0 when early; x + x² / 2k for x seconds late up to the knee k, then two for each further second.

    Convex, so late orders go before slightly late ones; linear in the end, so that no order becomes too late to serve.
    """
    late_s = np.maximum(eta_s - promised_s, 0.0)
    bent_s = np.minimum(late_s, knee_s)
    return bent_s + bent_s * bent_s / (2.0 * knee_s) + 2.0 * (late_s - bent_s)


def document_risk(documents_left_s: Floats, eta_s: Floats, margin_s: float) -> Floats:
    """1 when a document lapses before the door, falling to 0 when all hold `margin_s` beyond it."""
    return np.clip(1.0 - (documents_left_s - eta_s) / margin_s, 0.0, 1.0)


def shift_risk(shift_left_s: Floats, eta_s: Floats, restricted: Flags, margin_s: float) -> Floats:
    """Restricted goods that nobody may receive go back to the store, so they want time left after the door."""
    return np.where(restricted, np.clip(1.0 - (shift_left_s - eta_s) / margin_s, 0.0, 1.0), 0.0)


def silence_risk(position_age_s: Floats, time_constant_s: float) -> Floats:
    """0 for a fresh position, towards 1 as it ages."""
    return -np.expm1(-position_age_s / time_constant_s)


def risk(*independent: Floats) -> Floats:
    """R: the probability that at least one of several independent mishaps happens."""
    safe = np.ones_like(independent[0])
    for probability in independent:
        safe = safe * (1.0 - probability)
    return 1.0 - safe


def carry_back(refusal_rate: Floats, carry_s: Floats) -> Floats:
    """Expected seconds of the paid way back to the store: goods refused at the door may not be left there."""
    return refusal_rate * carry_s


def driver_risk(failure_rate: Floats, position_age_s: Floats, margins: Margins) -> Floats:
    """float64[drivers]: the part of R that is the same for every job."""
    return risk(failure_rate, silence_risk(position_age_s, margins.silence_s))


def fairness(paid_rate: Floats, median_paid_rate: float) -> Floats:
    """F, float64[drivers]: how far pay per online hour is above the median, in medians; 0 while there is no median."""
    if median_paid_rate <= 0.0:
        return np.zeros_like(paid_rate)
    return np.clip(paid_rate / median_paid_rate - 1.0, -1.0, 1.0)


def scarcity(supply: Floats, demand: Floats) -> Floats:
    """float64[zones]: (demand - supply) / (demand + supply); 1 nobody there, -1 nobody needed, 0 an empty zone."""
    total = demand + supply
    return np.divide(demand - supply, total, out=np.zeros_like(total), where=total > 0.0)


def zone(driver_zone: Ints, job_zone: Ints, scarcity_by_zone: Floats) -> Floats:
    """Z: the scarcity of the zone a driver is drawn from; 0 when the work is in that zone or the zone is unknown."""
    known = np.append(scarcity_by_zone, 0.0)
    return np.where(driver_zone == job_zone, 0.0, known[driver_zone])
