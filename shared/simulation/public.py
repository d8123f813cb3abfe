"""Public days: play one or a folder of them, write and check their solutions."""

from __future__ import annotations

import multiprocessing
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared.simulation.check import InvalidSolution, check
from shared.simulation.day import PLAIN, Allowances, play
from shared.simulation.instance import read
from shared.simulation.metrics import measure
from shared.simulation.policies import policies
from shared.simulation.report.days import days_page
from shared.simulation.report.film import film_of_day
from shared.simulation.shape import shape
from shared.simulation.solution import write
from shared.simulation.summary import Result, rich_table, write_csv

T = TypeVar("T")
R = TypeVar("R")


class Each(Protocol):
    """Applies a function to each item, as `map` does."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]: ...


class NothingToPlay(ValueError):
    """No folder of that name holds an instance."""


@dataclass(frozen=True, slots=True)
class Run:
    """One day to play; `out` is None when its solution is not to be kept, `filmed` when its movements are. `foresight` and
    `allowances`: see `day.play`."""

    instance: Path
    policy: str
    seed: int
    exact: bool
    out: Path | None
    filmed: bool = False
    foresight: float = 0.0
    allowances: Allowances = PLAIN


def simulate(run: Run) -> Result:
    """Play one day. Raises UnreadableInstance, and InvalidSolution if what is written breaks a rule."""
    began = time.perf_counter()
    instance, policy = read(run.instance), policies[run.policy](run.seed)
    world = play(instance, policy, exact=run.exact, foresight=run.foresight, allowances=run.allowances)
    took = time.perf_counter() - began
    if run.out is not None:
        write(world, run.out)
        allowed = asdict(run.allowances)
        if broken := check(run.instance, run.out, exact=run.exact, **allowed):
            raise InvalidSolution(f"{run.instance.name}: {broken[0]}")
    film = film_of_day(world) if run.filmed else None
    return Result(run.instance.name, run.policy, measure(world), took, shape(world), film)


def play_days(options: Namespace, console: Console) -> None:
    """Raises NothingToPlay, UnreadableInstance, InvalidSolution."""
    folders = folders_of(options)
    policy, alone, foresight = options.policy or "rolling", len(folders) == 1, options.foresight
    out = None if options.no_solutions or foresight else options.out
    allowances = Allowances(options.prepositioning, options.updates)
    runs = [
        Run(f, policy, options.seed, options.exact_travel, out / f.name if out else None, alone, foresight, allowances)
        for f in folders
    ]
    results = play_all(runs, options.processes, console)
    options.out.mkdir(parents=True, exist_ok=True)
    write_csv(results, options.out / "metrics.csv")
    days_page(results).write(options.out / "report.html")
    console.print(rich_table(results))
    if foresight:
        console.print(f"Orders were known {foresight:g} minutes early, which no rule allows: this is no solution.")
    console.print(f"{'Solutions, metrics.csv' if out else 'metrics.csv'} and report.html are in {options.out}")


def folders_of(options: Namespace) -> list[Path]:
    """The days that the options ask for. Raises NothingToPlay."""
    folders = [options.instance] if options.instance else sorted(
        folder for folder in options.all.glob(options.match) if (folder / "orders.txt").exists()
    )  # fmt: skip
    if not folders:
        raise NothingToPlay(f"There is no instance {options.match} in {options.all}.")
    return folders


def play_all(runs: list[Run], processes: int, console: Console, title: str = "Days") -> list[Result]:
    """The results by name. Raises UnreadableInstance, InvalidSolution."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # The longest days first, so that no process is left alone with one at the end.
    runs = sorted(runs, key=lambda run: -(run.instance / "orders.txt").stat().st_size)
    results = []
    with Progress(*columns, console=console) as progress, workers(min(processes, len(runs))) as each:
        task = progress.add_task(title, total=len(runs))
        for result in each(simulate, runs):
            results.append(result)
            progress.update(task, advance=1, description=f"{title} {result.instance}")
    return sorted(results, key=lambda result: result.instance)


@contextmanager
def workers(processes: int) -> Iterator[Each]:
    """A lazy `map` over so many processes, results as they come; over this one when one is enough."""
    if processes == 1:
        yield map
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            yield pool.imap_unordered
