"""The figures that cities are compared by, from a tally."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.simulation.city.tally import FINE_S, Tally, percentile


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of every table. Shares are of all orders, deliveries, offers or online time, as the name says."""

    name: str
    unit: str
    of: Callable[[Tally], float]
    form: str = ".2f"


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


FIGURES: tuple[Figure, ...] = (
    Figure("click-to-door", "min", lambda t: _share(t.ctd_s, t.delivered) / 60),
    Figure("above floor", "min", lambda t: _share(t.ctd_s - t.floor_s, t.delivered) / 60),
    Figure("click-to-door, median", "min", lambda t: percentile(t.ctd, FINE_S, 0.5) / 60),
    Figure("click-to-door p90", "min", lambda t: percentile(t.ctd, FINE_S, 0.9) / 60),
    Figure("late deliveries", "%", lambda t: 100 * _share(t.late, t.delivered)),
    Figure("orders delivered", "%", lambda t: 100 * _share(t.delivered, t.orders)),
    Figure("orders cancelled", "%", lambda t: 100 * _share(t.cancelled, t.orders)),
    Figure("orders returned", "%", lambda t: 100 * _share(t.returned, t.orders)),
    Figure("age checks failed", "%", lambda t: 100 * _share(t.age_check_failed, t.orders)),
    Figure("open until taken", "min", lambda t: _share(t.wait_s, t.delivered) / 60),
    Figure("way to the store", "min", lambda t: _share(t.approach_s, t.delivered) / 60),
    Figure("offers per delivery", "", lambda t: _share(t.offers, t.delivered + t.returned), ".3f"),
    Figure("offers taken", "%", lambda t: 100 * _share(t.accepted, t.offers - t.revoked)),
    Figure("online time busy", "%", lambda t: 100 * _share(float(t.busy.sum()), float(t.online.sum()))),
    Figure("pay per delivery", "USD", lambda t: _share(t.paid_minor, t.delivered) / 100),
    Figure("ETA ± 3 min, ordered", "%", lambda t: 100 * _share(t.close_at_order, t.delivered)),
    Figure("ETA ± 3 min, pickup", "%", lambda t: 100 * _share(t.close_at_pickup, t.delivered)),
    Figure("p_accept off by", "points", lambda t: 100 * calibration_error(t)),
)


def calibration_error(tally: Tally) -> float:
    """Expected calibration error of the engine's p_accept, over tenths."""
    offers, believed, accepted = tally.calibration.T
    return _share(float(abs(believed - accepted).sum()), float(offers.sum()))


def figures(tally: Tally) -> dict[str, float]:
    return {figure.name: figure.of(tally) for figure in FIGURES}
