"""What `cloudrun job simulate --city` does: one run, two policies on paired seeds, or two policies in turns."""

from __future__ import annotations

import hashlib
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from shared.simulation.city.figures import FIGURES, figures
from shared.simulation.city.parameters import City, cities
from shared.simulation.city.run import Outcome, Run, play_all
from shared.simulation.city.tally import Tally
from shared.simulation.estimate import Estimate, paired, table
from shared.simulation.report.city import city_page
from shared.simulation.report.page import Table
from shared.simulation.switchback import MEASURES, analyse

UNITS = {figure.name: figure.unit for figure in FIGURES}


def play_city(options: Namespace, console: Console) -> None:
    """One policy, once. Raises ValueError for a city that cannot be."""
    city = chosen(options)
    began = time.perf_counter()
    runs = list(_runs(options, city, options.policy or "min_cost_flow", options.seed, filmed=True))
    outcomes = play_all(runs, options.processes, console)
    speed = _speed(outcomes, time.perf_counter() - began)
    tally = _sum(outcomes)
    console.print(_figures(tally, f"{city.name}, policy {runs[0].variant}, seed {options.seed}"))
    console.print(f"{speed}\nDigest {digest(outcomes)[:16]}: the same seed and policy give the same.")
    city_page(outcomes, tally, speed=speed).write(options.out / "report.html")
    console.print(f"report.html is in {options.out}" + (", and the records." if options.records else "."))


def compare(options: Namespace, console: Console) -> None:
    """Two policies on the same seeds: everything that is left to chance is the same for both. Raises ValueError."""
    city, pair = chosen(options), tuple(options.compare)
    if options.seeds < 2:
        raise ValueError("--seeds must be at least 2: one pair has no confidence interval")
    seeds = range(options.seed, options.seed + options.seeds)
    runs = [
        run
        for seed in seeds
        for variant in pair
        for run in _runs(options, city, variant, seed, filmed=seed == options.seed)
    ]
    outcomes = play_all(runs, options.processes, console)
    found: dict[str, list[dict[str, float]]] = {variant: [] for variant in pair}
    for (_, variant), group in groupby(outcomes, key=lambda outcome: (outcome.run.seed, outcome.run.variant)):
        found[str(variant)].append(figures(_sum(list(group))))
    estimates = [paired(f.name, *([run[f.name] for run in found[v]] for v in pair)) for f in FIGURES]
    title = f"{city.name}: {options.seeds} pairs of seeds, difference = {pair[1]} − {pair[0]}"
    console.print(table(estimates, pair, title, UNITS))
    second = [o for o in outcomes if o.run.variant == pair[1] and o.run.seed == options.seed]
    _report(second, estimates, pair, title, options.out, console)


def switchback(options: Namespace, console: Console) -> None:
    """Two policies in turns within one run. Raises ValueError when there are too few blocks."""
    city, pair = chosen(options), tuple(options.compare)
    runs = [
        replace(run, variant=pair, block_s=options.switchback * 60.0)
        for run in _runs(options, city, pair[0], options.seed, filmed=True)
    ]
    outcomes = play_all(runs, options.processes, console)
    blocks = [block for outcome in outcomes for block in outcome.blocks]
    estimates = analyse(blocks, pair)
    title = (
        f"{city.name}: blocks of {options.switchback:g} min, {len(blocks)} in all, difference = {pair[1]} − {pair[0]}"
    )
    console.print(table(estimates, pair, title, {name: UNITS.get(name, "") for name in MEASURES}))
    _report(outcomes, estimates, pair, title, options.out, console)


def chosen(options: Namespace) -> City:
    """The named city with what was set otherwise. Raises ValueError."""
    city = cities[options.city]
    return replace(
        city,
        orders=options.orders or city.orders,
        drivers=options.drivers or city.drivers,
        regions=options.regions or city.regions,
    )


def digest(outcomes: Sequence[Outcome]) -> str:
    """Of all regions together, in their order."""
    return hashlib.sha256("".join(outcome.digest for outcome in outcomes).encode()).hexdigest()


def _runs(options: Namespace, city: City, variant: str, seed: int, *, filmed: bool) -> Iterator[Run]:
    records = options.out / "records" if options.records else None
    for region in range(city.regions):
        yield Run(city, region, seed, options.days, variant, records=records, filmed=filmed and region == 0)


def _sum(outcomes: Sequence[Outcome]) -> Tally:
    return sum((outcome.tally for outcome in outcomes), start=Tally())


def _speed(outcomes: Sequence[Outcome], wall_s: float) -> str:
    orders, simulated_s = sum(o.tally.orders for o in outcomes), outcomes[0].run.days * 86_400.0
    peak, cpu_s = max(o.peak_mb for o in outcomes), sum(o.cpu_s for o in outcomes)
    return (
        f"Played in {wall_s:,.0f} s ({cpu_s:,.0f} s of computing): {orders / wall_s:,.0f} orders a second, "
        f"{simulated_s / wall_s:,.0f} times as fast as real, at most {peak:,.0f} MB in a process."
    )


def _figures(tally: Tally, title: str) -> RichTable:
    shown = RichTable(title=title, box=None, padding=(0, 2, 0, 0))
    shown.add_column("")
    shown.add_column("", justify="right")
    shown.add_column("")
    for figure in FIGURES:
        shown.add_row(figure.name, format(figure.of(tally), figure.form), figure.unit)
    return shown


def _report(
    outcomes: Sequence[Outcome], estimates: Sequence[Estimate], pair: tuple[str, str], title: str, out: Path, console: Console
) -> None:  # fmt: skip
    rows = [
        (
            e.name,
            f"{e.first:.2f}",
            f"{e.second:.2f}",
            f"{e.difference:+.2f}",
            f"± {e.half_width:.2f}",
            UNITS.get(e.name, ""),
        )
        for e in estimates
    ]
    about = f"{title}; ± is half of the 95 % confidence interval."
    compared = Table("Compared", about, ("", *pair, "difference", "95 %", "unit"), rows)
    played = f"Map and charts are of {outcomes[0].run.name.rsplit(',', 1)[0]}."
    city_page(outcomes, _sum(outcomes), speed=played, tables=[compared]).write(out / "report.html")
    console.print(f"report.html is in {out}.")
