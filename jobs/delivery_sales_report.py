"""`cloudrun job delivery_sales_report`: the monthly reports of every merchant: what is due by the 10th, and whether it is whole.

Records what was missed first. With `--out` it also writes each report as JSON and as a sheet, for one's own eyes: they name
people. `--month` is the last one unless given.
"""

import argparse
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from shared.delivery_sales import records, reports, views
from shared.delivery_sales.reports import MonthNotOver, Report
from shared.delivery_sales.rules import Month
from shared.kernel.deployment import PUBLISHES, JobDeployment, Resource
from shared.storage.work import Work
from shared.vault.retention import over_before
from shared.wiring.delivery_sales import delivery_service
from shared.wiring.storage import unit_of_work
from shared.wiring.vault import key_encryption

DEPLOYMENT = JobDeployment(uses=PUBLISHES | {Resource.VAULT}, timeout_s=3600, schedule="0 12 2 * *")

BATCH = 500
HEADS = ("merchant", "state", "sales", "units", "captured", "status", "due", "ties")


def main() -> None:
    """Exits with 1 when a report does not tie to its orders; ends with a sentence when the month is not over."""
    options, console = _options(), Console()
    with unit_of_work() as work:
        month = options.month or Month.of(over_before(work.now)).before
        try:
            reports.check_over(month, work.now)
        except MonthNotOver as error:
            sys.exit(error.detail)
        with _progress(console) as bars:
            _record_missed(work, month, bars)
            found = _read_all(work, month, options.out, bars)
    console.print(_table(month, found))
    if options.out is not None and found:
        console.print(f"The reports are in {options.out}. They name people: keep them as such.")
    broken = [merchant_id for merchant_id, report in found if not report.ties]
    if broken:
        sys.exit(
            f'These do not tie to their orders: {", ".join(broken)}. See docs/reports.md, "When a report does not tie".'
        )


def _record_missed(work: Work, month: Month, bars: Progress) -> None:
    bar = bars.add_task("Recording what was missed", total=None)
    since = datetime.combine(month.first, time(), UTC)
    while order_ids := records.missed(work, since, BATCH):
        for order_id in order_ids:
            records.record(work, order_id, key_encryption())
            work.checkpoint()
            bars.advance(bar)
    done = bars.tasks[bar].completed
    bars.update(bar, total=max(done, 1), completed=max(done, 1))


def _read_all(work: Work, month: Month, out: Path | None, bars: Progress) -> list[tuple[str, Report]]:
    due = reports.due(work, month)
    bar = bars.add_task(f"Reading {month}", total=len(due), completed=0)
    found = []
    for row in due:
        report = reports.read(work, row["merchant_id"], row["state"], month, delivery_service(), key_encryption())
        found.append((row["merchant_id"], report))
        if out is not None:
            _write(out, row["merchant_id"], report)
        bars.advance(bar)
    return found


def _write(out: Path, merchant_id: str, report: Report) -> None:
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"delivery-sales-{merchant_id}-{report.state}-{report.month}"
    for suffix, text in (
        ("json", views.report(merchant_id, report).model_dump_json(indent=2)),
        ("csv", views.sheet(report)),
    ):
        file = out / f"{name}.{suffix}"
        file.touch(0o600)
        file.write_text(text, newline="")


def _table(month: Month, found: list[tuple[str, Report]]) -> Table:
    table = Table(title=f"Delivery sales of {month}: {len(found)} reports", title_justify="left", box=None)
    for head in HEADS:
        justify = "right" if head in ("sales", "units", "captured") else "left"
        table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for merchant_id, report in found:
        totals = report.totals
        table.add_row(
            merchant_id, report.state, str(totals.sales), str(totals.units), f"{totals.captured_minor / 100:,.2f}",
            report.status.value, str(report.month.due_on), "yes" if report.ties else "no",
        )  # fmt: skip
    return table


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("cloudrun job delivery_sales_report", description=__doc__)
    parser.add_argument("--month", type=Month.parse, help="2026-10; the last one when not given")
    parser.add_argument("--out", type=Path, help="a folder to write the reports into")
    return parser.parse_args()
