"""What a whole tick of the running system costs on a durable Postgres, beside the bare flow on the very same network.

`python -m infra.bench.tick` prints a table of stages. The tick is the real one, in a real unit of work, until its COMMIT has
given the lease back; what follows, announcing and publishing its offers, has a row of its own. Each run meets the same region,
and the flow of the same tick is solved again right after it, so that the machine's noise meets both sides of the ratio alike.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.progress import track

from infra.bench import region
from infra.bench.engine import network_of
from infra.bench.flow import flow
from infra.local.access import unit_of_work
from shared.dispatch import fast_loop
from shared.dispatch.engine import Parameters, from_bytes
from shared.kernel.clock import SettableClock
from shared.routing.haversine import HaversineRouter
from shared.storage.connection import Connection, Pool, close

SIZES = ((3_000, 500), (30_000, 5_000))
BARS = {(3_000, 500): 5.0, (30_000, 5_000): 3.0}
"""What a tick may cost, in bare flows on the same network."""

TICKS = 11
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

Laps = dict[str, float]
"""Milliseconds by stage."""


def measure(url: str, drivers: int, jobs: int) -> Laps:
    """Medians over the ticks, the first of which only warms up; `ratio` is that of each tick to its own flow."""
    connection, pool = Connection(url), Pool(url, 1)
    region.fill(connection, drivers + 1, jobs + 1, NOON)
    runs = []
    for _ in track(range(TICKS + 1), f"{drivers} × {jobs}", transient=True):
        region.reset(connection)
        one_tick(pool, region.QUIET)  # plans anew the statements that the reset made Postgres forget
        runs.append(one_tick(pool, region.REGION) | stored(connection))
    pool.close()
    close(connection)
    medians = {stage: median(run[stage] for run in runs[1:]) for stage in STAGES}
    return medians | {"ratio": median(run["tick"] / run["flow"] for run in runs[1:])}


def one_tick(pool: Pool, region_id: str) -> Laps:
    """Its stages; `tick`, until the lease is free; and `announce`, the transaction after it with all the publishing."""
    began = perf_counter()
    with unit_of_work(pool, SettableClock(NOON)) as work:
        fast_loop.run(work, region_id, NOON, Parameters(), lambda _local: HaversineRouter(), perf_counter)
        decided = perf_counter()
        work.checkpoint()
        ended = perf_counter()
    announced = perf_counter()
    laps = {"write, commit": ended - decided, "tick": ended - began, "announce": announced - ended}
    return {name: 1e3 * lap for name, lap in laps.items()}


def stored(connection: Connection) -> Laps:
    """The stages as the tick itself wrote them down, and `flow`: the solver alone on the network of that very tick."""
    row = connection.fetch(
        "SELECT stages, problem FROM ticks WHERE region_id = :region_id", {"region_id": region.REGION}
    )[0]
    net = network_of(from_bytes(row["problem"]), Parameters(), HaversineRouter())
    began = perf_counter()
    flow(net)
    return {str(stage): float(ms) for stage, ms in row["stages"].items()} | {"flow": 1e3 * (perf_counter() - began)}


@contextmanager
def durable_postgres() -> Iterator[str]:
    """The URL of an empty database that survives a crash of the machine, as the market's own does."""
    with tempfile.TemporaryDirectory(prefix="cloudrun-bench-") as folder:
        server, url = region.start(Path(folder), NOON)
        try:
            yield url
        finally:
            server.stop()


def main() -> None:
    with durable_postgres() as url:
        found = {size: measure(url, *size) for size in SIZES}
    heads = [f"{drivers} × {jobs}" for drivers, jobs in SIZES]
    print(f"{'milliseconds, p50':>20}", *(f"{head:>16}" for head in heads))
    for stage in STAGES:
        print(f"{stage:>20}", *(f"{found[size][stage]:>16.1f}" for size in SIZES))
    print(f"{'tick ÷ flow':>20}", *(f"{found[size]['ratio']:>16.2f}" for size in SIZES))
    print(f"{'bar':>20}", *(f"{BARS[size]:>16.2f}" for size in SIZES))


STAGES = (
    "lease", "zones", "drivers", "jobs", "cooling", "roads", "solve", "offers", "write, commit", "tick", "flow",
    "announce",
)  # fmt: skip
"""In the order in which they happen. The four reads are sent at once, and each counts from the end of the one before. `solve`
holds the costs and the flow, `offers` also their log and the replay file; `write, commit` sends the tick's row and COMMIT in one
packet."""

if __name__ == "__main__":
    main()
