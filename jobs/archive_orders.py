"""`cloudrun job archive_orders [--day YYYY-MM-DD]`: the evidence file of every order of a day into the archive, checked on the way.

An order that has ended leaves one file, `evidence/<day>/<order>.bundle.json`, which outlives the database. Without `--day` the
last three whole days (UTC) are looked at; what is archived already stays as it is, so an order that ended late is found then.
"""

import argparse
import sys
from collections import Counter
from datetime import date, datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from shared.kernel.deployment import READS, JobDeployment, Resource
from shared.orders import archiving
from shared.wiring.evidence import archive, signers
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(uses=READS | {Resource.ARCHIVE, Resource.LOG_KEYS}, timeout_s=3600, schedule="30 9 * * *")

LOOK_BACK_DAYS = 3
COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TimeRemainingColumn(),
)


def main() -> None:
    """Exits with 1 when evidence does not hold, which is then not archived."""
    console, keys = Console(), [str(signer.verifier) for signer in signers()]
    results: Counter[archiving.Result] = Counter()
    with unit_of_work() as work, Progress(*COLUMNS, console=console) as bars:
        for day in _days(work.now):
            order_ids = archiving.ended(work, day)
            bar = bars.add_task(str(day), total=len(order_ids))
            for _, result in archiving.archive_day(work, archive(), keys, day, order_ids):
                results[result] += 1
                bars.advance(bar)
    for result in archiving.Result:
        console.print(f"{results[result]:>8,}  {result.value}")
    if results[archiving.Result.BROKEN]:
        sys.exit("Evidence does not hold. `cloudrun verify FILE` names the first thing wrong; see docs/evidence.md.")


def _days(now: datetime) -> list[date]:
    parser = argparse.ArgumentParser("cloudrun job archive_orders", description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat, help="of UTC, by which the order's id was made")
    day: date | None = parser.parse_args().day
    return [day] if day else [(now - timedelta(days=back)).date() for back in range(LOOK_BACK_DAYS, 0, -1)]
