"""The figures of many days: as a table to read, and as rows to work on."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from shared.simulation.metrics import Metrics
from shared.simulation.report.film import Film
from shared.simulation.shape import Shape


@dataclass(frozen=True, slots=True)
class Result:
    """A day that was played, how long that took, and what its charts and its moving map are made of."""

    instance: str
    policy: str
    metrics: Metrics
    seconds: float
    shape: Shape
    film: Film | None


Column = tuple[str, Callable[[Result], float], str]

COLUMNS: tuple[Column, ...] = (
    ("orders", lambda r: r.metrics.orders, ".0f"),
    ("undelivered", lambda r: r.metrics.undelivered, ".2f"),
    ("mean", lambda r: r.metrics.ctd_mean, ".2f"),
    ("above floor", lambda r: r.metrics.ctd_mean - r.metrics.floor_mean, ".2f"),
    ("p90", lambda r: r.metrics.ctd_p90, ".1f"),
    ("above floor", lambda r: r.metrics.ctd_p90 - r.metrics.floor_p90, ".2f"),
    ("overage", lambda r: r.metrics.over, ".2f"),
    ("above floor", lambda r: r.metrics.over - r.metrics.floor_over, ".2f"),
    ("ready-pickup", lambda r: r.metrics.rtp, ".2f"),
    ("ready-door", lambda r: r.metrics.rtd, ".2f"),
    ("per bundle", lambda r: r.metrics.per_bundle, ".3f"),
    ("busy", lambda r: r.metrics.utilisation, ".2f"),
    ("guaranteed", lambda r: r.metrics.guaranteed, ".2f"),
    ("per order", lambda r: r.metrics.per_order, ".2f"),
    ("seconds", lambda r: r.seconds, ".1f"),
)
"""Head, figure of a day, format. Of several days the plain mean is shown."""


def groups(results: list[Result]) -> dict[str, list[Result]]:
    """Days by the seed that their names begin with, in order; a single day by its name."""
    if len(results) == 1:
        return {results[0].instance: results}
    seeds = sorted({seed_of(result) for result in results})
    return {f"seed {seed}": [r for r in results if seed_of(r) == seed] for seed in seeds}


def seed_of(result: Result) -> str:
    """The digits before the first letter: `5` of 5o100t75s1p125."""
    return result.instance[: len(result.instance) - len(result.instance.lstrip("0123456789"))]


def lines(results: list[Result]) -> list[list[str]]:
    """One line per group, and one over all days when there are several groups."""
    by_group = groups(results)
    if len(by_group) > 1:
        by_group["all"] = results
    return [
        [name, str(len(days)), *(format(sum(map(figure, days)) / len(days), form) for _, figure, form in COLUMNS)]
        for name, days in by_group.items()
    ]


def heads() -> list[str]:
    return ["", "days", *(head for head, _, _ in COLUMNS)]


CHIEF = {"", "orders", "undelivered", "mean", "p90", "overage", "above floor", "per bundle", "per order"}
"""The columns that fit a terminal."""

SHORT = {"undelivered": "lost", "above floor": "+", "overage": "late", "per bundle": "bundle", "per order": "cost"}


def rich_table(results: list[Result]) -> Table:
    """For the terminal: the chief figures, in 80 columns. `+` is how far the figure before it is above the floor."""
    table = Table(
        title=f"Policy {results[0].policy}: means over days; click-to-door in minutes", box=None, padding=(0, 1, 0, 0)
    )
    kept = [n for n, head in enumerate(heads()) if head in CHIEF]
    for n in kept:
        head = heads()[n]
        table.add_column(SHORT.get(head, head), justify="right" if n else "left", no_wrap=True)
    for line in lines(results):
        table.add_row(*(line[n] for n in kept), style="bold" if line[0] == "all" else None)
    return table


def write_csv(results: list[Result], file: Path) -> None:
    """Every figure of every day, one line a day."""
    with file.open("w", newline="") as out:
        rows = [
            {"instance": r.instance, "policy": r.policy, **asdict(r.metrics), "seconds": round(r.seconds, 3)}
            for r in results
        ]
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
