"""`cloudrun demo`: a whole day of deliveries in a few minutes, through the same HTTP interface as in production.

It starts its own product on a fresh data folder, plays the public instance that `MDRP_DATA` names (or a generated day when
there is none), and ends with a report. The exit code is 1 when an order, a payment or a dossier is lost or inconsistent.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.local import usage
from infra.local.runtime import Runtime
from infra.market.day import OPENS_AT, Day, read_instance, with_trouble
from infra.market.generated import generate_day
from infra.market.mishaps import Mishap, schedule_mishaps
from infra.market.pace import SpeedController
from infra.market.play import EVE, Play, Stage
from infra.market.report import Report, rows
from shared.kernel.deployment import Platform

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_INSTANCE = "../shared/data/mdrp/0o100t100s1p100"


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a day and report. Gives the exit code."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # nothing of the market may stay behind
    console = Console()
    day = with_trouble(choose_day(os.environ.get("MDRP_DATA", DEFAULT_INSTANCE), options.seed, console), options.seed)
    if options.orders is not None:
        day = day.first(options.orders)
    with tempfile.TemporaryDirectory(prefix="cloudrun-demo-") as fresh:
        data_dir = Path(options.data_dir or fresh)
        controller, kept = SpeedController(limit=options.speed_limit), options.data_dir is not None
        with Runtime(
            data_dir, clock_start=OPENS_AT - EVE, announce=console.print, durable=kept, platform=options.platform
        ) as runtime:
            report, used = _perform(day, runtime, controller, options.seed, console)
        used["processes"] = usage.of_processes(data_dir)
    console.print(_table(report))
    for finding in report.findings:
        console.print(f"[bold red]{finding.rule}[/] {finding.order_id} {finding.sentence}")
    if options.json is not None:
        Path(options.json).write_text(json.dumps(report.document() | {"usage": used}, indent=2) + "\n")
    console.print(
        "[green]Nothing is lost or inconsistent.[/]" if report.sound else "[bold red]The day does not add up.[/]"
    )
    return 0 if report.sound else 1


def choose_day(instance: str, seed: int, console: Console) -> Day:
    """The public instance in a folder (relative to the repository), or a generated day when there is no such folder."""
    folder = (REPOSITORY / instance).resolve()
    if folder.is_dir():
        return read_instance(folder)
    console.print(
        f"There is no instance at {folder}, so a generated day of the same shape is played. MDRP_DATA names another."
    )
    return generate_day(seed)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="cloudrun demo", description="Replay a whole day of deliveries in a few minutes."
    )
    parser.add_argument("--orders", type=int, metavar="N", help="only the first N orders")
    parser.add_argument(
        "--speed-limit", type=float, default=1_000.0, metavar="X", help="never run the clock faster than this"
    )
    parser.add_argument("--seed", type=int, default=1, help="which orders go wrong on purpose")
    parser.add_argument(
        "--data-dir", metavar="DIR", help="keep the data here; a fresh folder that is removed when not given"
    )
    parser.add_argument(
        "--platform", type=Platform, choices=list(Platform), default=Platform.EMBEDDED,
        help="`google`: the adapters of Google Cloud, on emulators that die on the way",
    )  # fmt: skip
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON")
    return parser.parse_args(arguments)


def _perform(
    day: Day, runtime: Runtime, controller: SpeedController, seed: int, console: Console
) -> tuple[Report, dict[str, Any]]:
    """The day's report, and what it used of the database."""
    console.print(f"{day.source}: {len(day.orders)} orders, {len(day.couriers)} couriers, {len(day.shops)} shops")
    stage = Stage(
        runtime.base_url, runtime.admin_email, runtime.admin_password, runtime.clock, runtime.speed, runtime.set_speed,
        runtime.data_dir,
    )  # fmt: skip
    play = Play(day, stage, controller, seed)
    mishaps = schedule_mishaps(runtime) if runtime.platform is Platform.GOOGLE else []
    report = asyncio.run(_with_progress(play, len(day.orders), mishaps, console))
    return report, {"database": runtime.used_by_database()}


async def _with_progress(play: Play, orders: int, mishaps: list[Mishap], console: Console) -> Report:
    """Perform, draw how far the day has come four times a second, and let go wrong what is due."""
    clock, happening = TextColumn("{task.fields[clock]}"), TextColumn("{task.fields[happening]}")
    columns = (SpinnerColumn(), clock, BarColumn(), MofNCompleteColumn(), happening, TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("day", total=orders, clock="", happening="signing everybody up")
        performance = asyncio.create_task(play.perform())
        while not performance.done():
            progress.update(bar, completed=play.ended, clock=_clock(play), happening=_happening(play))
            while mishaps and play.ended >= mishaps[0].after * orders:
                console.print(mishaps[0].sentence)
                await asyncio.to_thread(mishaps.pop(0).act)
            await asyncio.wait({performance}, timeout=0.25)
        return performance.result()


def _clock(play: Play) -> str:
    minutes = (play.timeline.now() - OPENS_AT) / timedelta(minutes=1)
    hour, minute = divmod(int(9 * 60 + max(0.0, minutes)), 60)
    return f"{hour % 24:02d}:{minute:02d} ×{play.timeline.speed:.0f}"


def _happening(play: Play) -> str:
    counts = play.counts
    return f"{play.open_orders} open, {counts['delivered']} delivered, {counts['offered']} offers, {counts['refused']} refused"


def _table(report: Report) -> Table:
    table = Table(title=f"The day: {report.source}", show_header=False)
    for name, value in rows(report):
        table.add_row(name, str(value))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
