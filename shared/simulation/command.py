"""What `cloudrun job simulate` does: play one day or a folder of days, write solutions, print the figures."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared.simulation.check import InvalidSolution, check
from shared.simulation.day import play
from shared.simulation.files import UnreadableInstance
from shared.simulation.instance import read
from shared.simulation.metrics import measure
from shared.simulation.policies import policies
from shared.simulation.report import write_report
from shared.simulation.solution import write
from shared.simulation.summary import Result, rich_table, write_csv


@dataclass(frozen=True, slots=True)
class Run:
    """One day to play; `out` is None when its solution is not to be kept."""

    instance: Path
    policy: str
    seed: int
    exact: bool
    out: Path | None


def simulate(run: Run) -> Result:
    """Play one day. Raises UnreadableInstance, and InvalidSolution if what is written breaks a rule."""
    began = time.perf_counter()
    world = play(read(run.instance), policies[run.policy](run.seed), exact=run.exact)
    took = time.perf_counter() - began
    if run.out is not None:
        write(world, run.out)
        if broken := check(run.instance, run.out, exact=run.exact):
            raise InvalidSolution(f"{run.instance.name}: {broken[0]}")
    return Result(run.instance.name, run.policy, measure(world), took)


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 2 when there is no instance to play, one cannot be read, or a solution breaks a rule."""
    options = _parser().parse_args(arguments)
    folders = [options.instance] if options.instance else sorted(
        folder for folder in options.all.glob(options.match) if (folder / "orders.txt").exists()
    )  # fmt: skip
    if not folders:
        print(f"There is no instance {options.match} in {options.all}.", file=sys.stderr)
        return 2
    runs = [
        Run(f, options.policy, options.seed, options.exact_travel, None if options.no_solutions else options.out / f.name)
        for f in folders
    ]  # fmt: skip
    console = Console()
    try:
        results = _play_all(runs, options.processes, console)
    except (UnreadableInstance, InvalidSolution) as error:
        print(error, file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    write_csv(results, options.out / "metrics.csv")
    write_report(results, options.out / "report.html")
    console.print(rich_table(results))
    console.print(f"Solutions, metrics.csv and report.html are in {options.out}")
    return 0


def _play_all(runs: list[Run], processes: int, console: Console) -> list[Result]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # The longest days first, so that no process is left alone with one at the end.
    runs = sorted(runs, key=lambda run: -(run.instance / "orders.txt").stat().st_size)
    results = []
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Days", total=len(runs))
        if len(runs) == 1:
            results = [simulate(runs[0])]
            progress.advance(task)
        else:
            with multiprocessing.get_context("spawn").Pool(processes) as pool:
                for result in pool.imap_unordered(simulate, runs):
                    results.append(result)
                    progress.update(task, advance=1, description=result.instance)
    return sorted(results, key=lambda result: result.instance)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("cloudrun job simulate", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--instance", type=Path, help="the folder of one day")
    what.add_argument("--all", type=Path, help="a folder of such folders")
    parser.add_argument("--match", default="*", help="of those, only names like this, such as '5*s1*'")
    parser.add_argument("--out", type=Path, default=Path(".cloudrun/simulation"), help="where results are written")
    parser.add_argument("--policy", choices=sorted(policies), default="rolling")
    parser.add_argument("--seed", type=int, default=0, help="of policies that leave something to chance")
    parser.add_argument("--exact-travel", action="store_true", help="travel times are not rounded up to whole minutes")
    parser.add_argument("--no-solutions", action="store_true", help="write no solution files, and check none")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many days at once")
    return parser
