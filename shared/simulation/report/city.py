"""The page about a city that was made up."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from shared.dispatch.engine.columns import Ints
from shared.simulation.city.figures import FIGURES, figures
from shared.simulation.city.run import Outcome
from shared.simulation.city.tally import ERROR_S, FINE_S, FURTHEST_S, QUARTER_S, Tally
from shared.simulation.report.charts import Chart, Series
from shared.simulation.report.page import Headline, Page, Table

HOURS = [(float(hour), f"{hour:02d}:00") for hour in (0, 6, 12, 18, 24)]


def city_page(outcomes: Sequence[Outcome], tally: Tally, *, speed: str, tables: Sequence[Table] = ()) -> Page:
    """`outcomes`: the regions of one run; `tally`: their sum; `speed`: how fast it was played, in words."""
    run, shown = outcomes[0].run, figures(tally)
    days = f"{run.days} days" if run.days > 1 else "One day"
    policy = run.variant if isinstance(run.variant, str) else " and ".join(run.variant)
    about = (
        f"{days} of {run.city.orders:,} orders and {run.city.drivers:,} drivers at the busiest hour, {len(outcomes)} "
        f"region{'s' * (len(outcomes) > 1)}, policy {policy}, seed {run.seed}. {speed}"
    )
    return Page(
        title=f"A made-up city: {run.city.name}",
        about=about,
        headlines=[
            Headline("click-to-door", f"{shown['click-to-door']:.1f} min", f"{shown['above floor']:.1f} above the floor"),
            Headline("90th percentile", f"{shown['click-to-door p90']:.1f} min", "click-to-door"),
            Headline("delivered", f"{shown['orders delivered']:.1f} %", f"{shown['orders cancelled']:.1f} % cancelled"),
            Headline("offers per delivery", f"{shown['offers per delivery']:.2f}", f"{shown['offers taken']:.0f} % taken"),
            Headline("drivers busy", f"{shown['online time busy']:.0f} %", "of their online time"),
            Headline("ETA within 3 min", f"{shown['ETA ± 3 min, pickup']:.0f} %",
                     f"at pickup; {shown['ETA ± 3 min, ordered']:.0f} % when ordered"),
        ],
        film=outcomes[0].film,
        charts=_charts(tally, run.days),
        tables=[*tables, _table(tally)],
    )  # fmt: skip


def _charts(tally: Tally, days: int) -> list[Chart]:
    quarter = QUARTER_S * days
    return [
        Chart(
            "Click-to-door", "Deliveries by minute. The floor: a driver standing ready in the store for every order.",
            [Series("delivered", _minutes(tally.ctd), "main"), Series("floor", _minutes(tally.floor), "warm")],
            0.0, 1.0, "minutes",
        ),
        Chart(
            "Drivers over the day", "How many are online, and how many of them have an order in hand.",
            [Series("online", (tally.online / quarter).tolist(), "floor"), Series("busy", (tally.busy / quarter).tolist(), "warm")],
            0.0, 0.25, "hour of the day", kind="area", ticks=HOURS,
        ),
        Chart(
            "ETA error", "Real less expected arrival at the door; left is early. The band is three minutes either way.",
            [Series("at pickup", _pairs(tally.eta_pickup), "floor"), Series("when ordered", _pairs(tally.eta_order), "main")],
            -FURTHEST_S / 60, 2 * ERROR_S / 60, "minutes", kind="area", band=(-3.0, 3.0),
        ),
        Chart(
            "Offers per delivery", "How many drivers were asked until the order was delivered.",
            [Series("deliveries", tally.tries[1:].tolist(), "main")], 0.5, 1.0, "offers",
        ),
        Chart(
            "Who accepts", "Share of offers taken, by the engine's p_accept. The line is what it believed.",
            [Series("taken", _taken(tally), "main"), Series("believed", _believed(tally), "warm")], 0.0, 10.0, "% believed",
        ),
    ]  # fmt: skip


def _minutes(fine: Ints) -> list[float]:
    """Counts by minute, without the empty tail."""
    by_minute = fine.reshape(-1, round(60 / FINE_S)).sum(axis=1)
    total = max(int(by_minute.sum()), 1)
    last = int(np.searchsorted(np.cumsum(by_minute), 0.999 * total)) + 5
    return [float(count) for count in by_minute[: min(max(last, 60), len(by_minute))]]


def _pairs(counts: Ints) -> list[float]:
    return [float(count) for count in counts.reshape(-1, 2).sum(axis=1)]


def _taken(tally: Tally) -> list[float]:
    offers, _, accepted = tally.calibration.T
    return [float(share) for share in 100 * accepted / np.maximum(offers, 1)]


def _believed(tally: Tally) -> list[float]:
    offers, believed, _ = tally.calibration.T
    return [float(share) if n else nan for n, share in zip(offers, 100 * believed / np.maximum(offers, 1), strict=True)]


def _table(tally: Tally) -> Table:
    rows = [(f.name, format(f.of(tally), f.form), f.unit) for f in FIGURES]
    return Table("Figures", f"{tally.orders:,} orders, {tally.offers:,} offers.", ("", "value", "unit"), rows)
