"""Regions over processes: each is played for itself, and gives back figures whose size does not grow with its orders."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from shared.simulation.city.digest import Digest
from shared.simulation.city.draws import Draws
from shared.simulation.city.files import RecordFiles
from shared.simulation.city.parameters import City
from shared.simulation.city.play import Play
from shared.simulation.city.records import Watcher
from shared.simulation.city.tally import Tally
from shared.simulation.report.film import CityFilm, Film
from shared.simulation.switchback import Block, Blocks, Switchback
from shared.simulation.variants import Schedule, always


@dataclass(frozen=True, slots=True)
class Run:
    """One region to play. `variant` decides throughout, or a pair of them by blocks of `block_s` seconds.

    records   the folder for one line per order and offer; None writes none
    filmed    keep a sample of the movements for the report
    """

    city: City
    region: int
    seed: int
    days: int
    variant: str | tuple[str, str]
    block_s: float = 0.0
    records: Path | None = None
    filmed: bool = False

    @property
    def name(self) -> str:
        variant = self.variant if isinstance(self.variant, str) else " / ".join(self.variant)
        return f"{variant}, seed {self.seed}, region {self.region + 1}"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one region came to. `cpu_s` and `peak_mb` are of its process: the time it computed, the most it ever held."""

    run: Run
    tally: Tally
    digest: str
    blocks: tuple[Block, ...]
    film: Film | None
    cpu_s: float
    peak_mb: float


def play_region(run: Run, hour_passed: Callable[[], None] = lambda: None) -> Outcome:
    """Play one region in this process."""
    began = time.process_time()
    tally, digest = Tally(), Digest()
    watchers: list[Watcher] = [tally, digest]
    schedule: Schedule
    blocks = None
    if isinstance(run.variant, str):
        schedule = always(run.variant)
    else:
        schedule = Switchback(run.variant, run.block_s, Draws(run.seed, run.region))
        blocks = Blocks(schedule)
        watchers.append(blocks)
    with ExitStack() as stack:
        if run.records is not None:
            watchers.append(stack.enter_context(RecordFiles(run.records, run.region)))
        play = Play(
            run.city, schedule, watchers, seed=run.seed, region=run.region, days=run.days, hour_passed=hour_passed
        )
        film = CityFilm(play.places, len(play.fleet), run.region, run.city.regions) if run.filmed else None
        if film:
            watchers.append(film)
        play.run()
    return Outcome(
        run,
        tally,
        digest.hexdigest(),
        tuple(blocks.blocks.values()) if blocks else (),
        film.film() if film else None,
        time.process_time() - began,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def play_all(runs: Sequence[Run], processes: int, console: Console) -> list[Outcome]:
    """Play every region, `processes` at a time, with a bar for each that is under way. In the order of `runs`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("h"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as progress:
        bars = _Bars(progress, runs)
        if min(processes, len(runs)) == 1:
            return [play_region(run, lambda n=n: bars.hour_passed(n)) for n, run in enumerate(runs)]  # type: ignore[misc]
        context = multiprocessing.get_context("spawn")
        with context.Manager() as manager, context.Pool(min(processes, len(runs))) as pool:
            passed: Queue[int] = manager.Queue()
            pending = pool.starmap_async(_in_pool, [(n, run, passed) for n, run in enumerate(runs)], chunksize=1)
            while not pending.ready() or not passed.empty():
                try:
                    bars.hour_passed(passed.get(timeout=0.2))
                except Empty:
                    continue
            return pending.get()


def _in_pool(number: int, run: Run, passed: Queue[int]) -> Outcome:
    return play_region(run, lambda: passed.put(number))


class _Bars:
    """One bar over all simulated hours, and one for each region under way."""

    def __init__(self, progress: Progress, runs: Sequence[Run]) -> None:
        self._progress, self._runs = progress, runs
        self._all = progress.add_task("All regions", total=sum(run.days * 24 for run in runs))
        self._bar: dict[int, TaskID] = {}
        self._hours = [0] * len(runs)

    def hour_passed(self, number: int) -> None:
        run = self._runs[number]
        self._hours[number] += 1
        if number not in self._bar:
            self._bar[number] = self._progress.add_task(run.name, total=run.days * 24)
        self._progress.advance(self._all)
        self._progress.advance(self._bar[number])
        if self._hours[number] == run.days * 24:
            self._progress.update(self._bar[number], visible=False)
