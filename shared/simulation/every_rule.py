"""The same public days under every set of rules: both roundings, with and without each allowance, as one table."""

from __future__ import annotations

import itertools
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from shared.simulation.bound import least_delay
from shared.simulation.day import Allowances
from shared.simulation.instance import Roads, read
from shared.simulation.public import Run, folders_of, play_all, workers
from shared.simulation.summary import Result, seed_of, write_csv

HEADS = (
    "rules", "mean", "+", "bound", "90th percentile", "+", "over 40 min", "+", "undelivered a day", "per bundle",
    "cost per order",
)  # fmt: skip

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
    """In Markdown, one table of all days and one of seed 5, which is overloaded; `+` is the distance to the floor."""
    parts = []
    for title, seeds in (("All days", None), ("Seed 5", "5")):
        lines = []
        for rules, results in played.items():
            days = [r for r in results if seeds is None or seed_of(r) == seeds]
            if days:
                lines.append(_line(rules, days, bounds))
        if lines:
            count = len([r for r in next(iter(played.values())) if seeds is None or seed_of(r) == seeds])
            head = ("| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|")
            parts.append("\n".join((f"{title}: {count}", "", *head, *lines)))
    return "\n\n".join(parts) + "\n"


def _line(rules: Rules, days: list[Result], bounds: Bounds) -> str:
    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    m = [r.metrics for r in days]
    cells = (
        rules.name,
        f"{mean([d.ctd_mean for d in m]):.2f}",
        f"{mean([d.ctd_mean - d.floor_mean for d in m]):.2f}",
        f"{mean([bounds[rules.exact, rules.early, r.instance] for r in days]):.2f}",
        f"{mean([d.ctd_p90 for d in m]):.1f}",
        f"{mean([d.ctd_p90 - d.floor_p90 for d in m]):.2f}",
        f"{mean([d.over for d in m]):.2f}",
        f"{mean([d.over - d.floor_over for d in m]):.2f}",
        f"{mean([d.undelivered for d in m]):.2f}",
        f"{mean([d.per_bundle for d in m]):.3f}",
        f"{mean([d.per_order for d in m]):.2f}",
    )
    return "| " + " | ".join(cells) + " |"


def _bounds(folders: list[Path], processes: int, console: Console) -> Bounds:
    runs = list(itertools.product((False, True), (False, True), folders))
    with workers(processes) as each:
        return dict(track(each(_bound, runs), "Bounds", len(runs), console=console))


def _bound(run: tuple[bool, bool, Path]) -> tuple[tuple[bool, bool, str], float]:
    exact, early, folder = run
    instance = read(folder)
    roads = Roads(instance.points, instance.m_per_min, exact)
    return (exact, early, folder.name), least_delay(instance, roads, early=early)
