"""The same public days under every set of rules: both roundings, with and without each allowance, as one table."""

from __future__ import annotations

import itertools
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from shared.simulation.bound import least_delay
from shared.simulation.day import Allowances
from shared.simulation.instance import Roads, read
from shared.simulation.metrics import Metrics
from shared.simulation.public import Run, folders_of, play_all, workers
from shared.simulation.summary import Result, seed_of, write_csv

FIGURES: tuple[tuple[str, Callable[[Metrics, float], float], str], ...] = (
    ("mean", lambda day, bound: day.ctd_mean, ".2f"),
    ("+", lambda day, bound: day.ctd_mean - day.floor_mean, ".2f"),
    ("bound", lambda day, bound: bound, ".2f"),
    ("90th percentile", lambda day, bound: day.ctd_p90, ".1f"),
    ("+", lambda day, bound: day.ctd_p90 - day.floor_p90, ".2f"),
    ("over 40 min", lambda day, bound: day.over, ".2f"),
    ("+", lambda day, bound: day.over - day.floor_over, ".2f"),
    ("undelivered a day", lambda day, bound: day.undelivered, ".2f"),
    ("per bundle", lambda day, bound: day.per_bundle, ".3f"),
    ("cost per order", lambda day, bound: day.per_order, ".2f"),
)
"""Head, figure of a day and its bound, format. Shown as plain means over days; `+` is the distance to the floor."""

Bounds = dict[tuple[bool, bool, str], float]
"""Minutes above the floor, by rounding, by whether couriers may set out early, and by instance."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a day is played by."""

    exact: bool
    allowances: Allowances

    @property
    def name(self) -> str:
        """In words, such as `whole minutes, updates`."""
        words = ["exact travel" if self.exact else "whole minutes"]
        words += ["prepositioning"] * self.allowances.prepositioning + ["updates"] * self.allowances.updates
        return ", ".join(words)

    @property
    def early(self) -> bool:
        """A courier may be on the way to a store before an order that he fetches there is placed."""
        return self.allowances.prepositioning or self.allowances.updates

    @property
    def slug(self) -> str:
        """The name as a folder's."""
        return self.name.replace(", ", "-").replace(" ", "-")


EVERY_RULE = tuple(
    Rules(exact, Allowances(prepositioning, updates))
    for exact, prepositioning, updates in itertools.product((False, True), repeat=3)
)


def play_every_rule(options: Namespace, console: Console) -> None:
    """Play, check and write each day under each set of rules. Raises NothingToPlay, UnreadableInstance, InvalidSolution."""
    folders, seed, out = folders_of(options), options.seed, options.out
    played: dict[Rules, list[Result]] = {}
    for rules in EVERY_RULE:
        runs = [
            Run(f, "rolling", seed, rules.exact, out / rules.slug / f.name, allowances=rules.allowances)
            for f in folders
        ]
        played[rules] = play_all(runs, options.processes, console, rules.name)
        write_csv(played[rules], out / rules.slug / "metrics.csv")
    bounds = _bounds(folders, options.processes, console)
    table = tables(played, bounds)
    (out / "rules.md").write_text(table)
    console.print(table, markup=False, highlight=False, soft_wrap=True)
    console.print(f"This table is rules.md; it and a folder of solutions for each set of rules are in {out}")


def tables(played: dict[Rules, list[Result]], bounds: Bounds) -> str:
    """In Markdown: all days, and those of seed 5, which is overloaded, apart."""
    overloaded = {rules: [day for day in days if seed_of(day) == "5"] for rules, days in played.items()}
    parts = [_table("All days", played, bounds)]
    if all(overloaded.values()):
        parts.append(_table("Seed 5", overloaded, bounds))
    return "\n\n".join(parts) + "\n"


def _table(title: str, played: dict[Rules, list[Result]], bounds: Bounds) -> str:
    lines = [["rules", *(head for head, _, _ in FIGURES)], ["---"] * (1 + len(FIGURES))]
    for rules, days in played.items():
        least = [bounds[rules.exact, rules.early, day.instance] for day in days]
        figures = (
            format(sum(figure(day.metrics, b) for day, b in zip(days, least, strict=True)) / len(days), form)
            for _, figure, form in FIGURES
        )
        lines.append([rules.name, *figures])
    count = len(next(iter(played.values())))
    return "\n".join((f"{title}: {count}", "", *(f"| {' | '.join(cells)} |" for cells in lines)))


def _bounds(folders: list[Path], processes: int, console: Console) -> Bounds:
    runs = list(itertools.product((False, True), (False, True), folders))
    with workers(processes) as each:
        return dict(track(each(_bound, runs), "Bounds", len(runs), console=console))


def _bound(run: tuple[bool, bool, Path]) -> tuple[tuple[bool, bool, str], float]:
    exact, early, folder = run
    instance = read(folder)
    roads = Roads(instance.points, instance.m_per_min, exact)
    return (exact, early, folder.name), least_delay(instance, roads, early=early)
