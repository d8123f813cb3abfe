"""`cloudrun job import_roads [FILE.osm.pbf]`: the streets that maps draw, into STREETS_FILE, and the network that routes run
on, into ROADS_FILE; from an extract or generated."""

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from shared.kernel.deployment import JobDeployment, Resource
from shared.routing.law import fitted
from shared.routing.roads import RoadGraph, UnreadableRoads, save_roads
from shared.routing.roads.generated import generated_roads
from shared.routing.roads.osm import import_roads
from shared.routing.roads.speeds import BUCKETS
from shared.routing.streets import UnreadableExtract, generate, import_osm, write_streets

DEPLOYMENT = JobDeployment(uses=frozenset({Resource.MAPS_WRITE}), cpu=2, memory_mib=4096, timeout_s=3600)


def main() -> None:
    """Ends with a sentence when the extract cannot be used."""
    streets_file = Path(os.environ.get("STREETS_FILE", ".cloudrun/streets.geojson.gz"))
    roads_file = Path(os.environ.get("ROADS_FILE", ".cloudrun/roads.npz"))
    extract = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    console = Console()
    try:
        with Bars(console) as bars:
            bars.tell("Drawing streets", 0, None)
            streets = generate() if extract is None else import_osm(extract)
            graph = generated_roads(streets, bars.tell) if extract is None else import_roads(extract, bars.tell)
            graph = fitted(graph, bars.tell)
            bars.tell("Writing", 0, None)
            streets_size = write_streets(streets, streets_file)
            roads_size = save_roads(graph, roads_file)
    except (UnreadableExtract, UnreadableRoads) as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The roads cannot be written: {error}")
    print(
        f"{len(streets['features'])} features, {streets_size // 1024} KiB, in {streets_file}. {streets['attribution']}"
    )
    print(f"{summary(graph)}, {roads_size // 1024} KiB, in {roads_file}.")


class Bars:
    """A line on the console for each stage, with a bar where it is known how much there is to do."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), BarColumn(),
            MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        )  # fmt: skip
        self._stages: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._finish()
        self._progress.stop()

    def tell(self, stage: str, done: int, total: int | None) -> None:
        """A stage's state; a new stage finishes those before."""
        if stage not in self._stages:
            self._finish()
            self._stages[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._stages[stage], completed=done, total=total)

    def _finish(self) -> None:
        for task in self._progress.tasks:
            whole = max(task.total or task.completed, 1)
            self._progress.update(task.id, completed=whole, total=whole)


def summary(graph: RoadGraph) -> str:
    """The network in a line."""
    law = graph.law(BUCKETS.index("day"))
    told = f"{len(graph.lat)} junctions, {len(graph.tail)} arcs, {len(graph.forbidden)} forbidden turns"
    return told + (f", by day {law.a:.2f}·m^{law.b:.2f} seconds" if law else "")
