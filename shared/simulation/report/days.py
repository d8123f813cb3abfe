"""The page about public days that were played."""

from __future__ import annotations

from html import escape

import numpy as np

from shared.simulation.report.charts import Chart, Series
from shared.simulation.report.city import HOURS
from shared.simulation.report.page import Headline, Page, Table
from shared.simulation.shape import Shape
from shared.simulation.summary import Result, heads, lines


def days_page(results: list[Result]) -> Page:
    """Means by group in a table, then a bar per day; of a single day the moving map too."""
    means = {
        name: float(np.mean([getattr(r.metrics, name) for r in results]))
        for name in (
            "ctd_mean", "floor_mean", "ctd_p90", "floor_p90", "undelivered", "per_bundle", "utilisation", "per_order",
        )
    }  # fmt: skip
    days = f"{len(results)} days" if len(results) > 1 else f"Day {results[0].instance}"
    return Page(
        title=f"Simulated days: {len(results)}, policy {results[0].policy}",
        about=f"{days} of public meal-delivery orders (Reyes et al., 2018). Means over days; minutes. The floor is a courier "
        "standing ready in the store for every order.",
        headlines=[
            Headline("click-to-door", f"{means['ctd_mean']:.1f} min", f"{means['ctd_mean'] - means['floor_mean']:.2f} above floor"),
            Headline("90th percentile", f"{means['ctd_p90']:.1f} min", f"{means['ctd_p90'] - means['floor_p90']:.2f} above floor"),
            Headline("undelivered", f"{means['undelivered']:.2f}", "orders a day"),
            Headline("bundles", f"{means['per_bundle']:.3f}", "orders to a courier at once"),
            Headline("couriers busy", f"{100 * means['utilisation']:.0f} %", "of their shifts"),
            Headline("cost", f"{means['per_order']:.2f}", "per order"),
        ],
        film=results[0].film if len(results) == 1 else None,
        charts=_charts(sum((r.shape for r in results[1:]), start=results[0].shape), len(results)),
        tables=[Table("Figures", "Click-to-door, its 90th percentile and its overage above the target are in minutes.",
                      heads(), lines(results))],
        more=_bars(results),
    )  # fmt: skip


def _charts(shape: Shape, days: int) -> list[Chart]:
    last = min(int(np.flatnonzero(shape.ctd + shape.floor).max(initial=0)) + 5, len(shape.ctd))
    return [
        Chart(
            "Click-to-door", "Orders by minute. The floor counts undelivered orders too.",
            [Series("delivered", shape.ctd[:last].tolist(), "main"), Series("floor", shape.floor[:last].tolist(), "warm")],
            0.0, 1.0, "minutes",
        ),
        Chart(
            "Couriers over the day", "How many are on, and how many of them are under way; means over days.",
            [Series("on", (shape.online / days).tolist(), "floor"), Series("busy", (shape.busy / days).tolist(), "warm")],
            0.0, 0.25, "hour of the day", kind="area", ticks=HOURS,
        ),
        Chart(
            "Bundles", "Pickups by how many orders the courier took along.",
            [Series("pickups", shape.bundles.tolist(), "main")], 0.5, 1.0, "orders per pickup",
        ),
    ]  # fmt: skip


def _bars(results: list[Result]) -> str:
    longest = max(max(result.metrics.ctd_mean for result in results), 1.0)
    return (
        "<section class=card><h2>Mean click-to-door by day</h2><p>Grey is the floor, blue what came on top.</p>"
        f"{''.join(_day(result, longest) for result in results)}</section>"
    )


def _day(result: Result, longest: float) -> str:
    metrics = result.metrics
    floor, reached = (100 * minutes / longest for minutes in (metrics.floor_mean, metrics.ctd_mean))
    lost = f", {metrics.undelivered} undelivered" if metrics.undelivered else ""
    return (
        f"<div class=day><span>{escape(result.instance)}</span>"
        f"<svg viewBox='0 0 100 10' preserveAspectRatio=none role=img aria-label='{metrics.ctd_mean:.1f} minutes'>"
        f"<rect class=main width='{reached:.2f}' height=10 />"
        f"<rect class=floor width='{min(floor, reached):.2f}' height=10 /></svg>"
        f"<span>{metrics.ctd_mean:.1f} min{lost}</span></div>"
    )
