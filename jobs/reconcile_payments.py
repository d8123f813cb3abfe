"""`cloudrun job reconcile_payments [--since YYYY-MM-DD]`: settle what was never answered, then compare ours with the processor's.

Compared is, line by line, what moved since the beginning of that day (UTC), and what was open by then. Without `--since` it is
yesterday: the job runs each day, so each day is compared twice, and whatever was on its way at the first time is seen again.
"""

import argparse
import sys
from datetime import UTC, date, datetime, time, timedelta

from rich.console import Console
from rich.progress import track
from rich.table import Table

from shared.kernel.deployment import PUBLISHES, JobDeployment, Resource
from shared.kernel.errors import Unavailable
from shared.payments import service as payments
from shared.payments.reconciliation import Difference, own_differences, reconcile
from shared.wiring.payments import processor
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(uses=PUBLISHES | {Resource.PAYMENTS}, timeout_s=3_600, schedule="15 10 * * *")
MOST = 10_000


def main() -> None:
    """Ends with exit code 1 when anything differs or stays without an answer."""
    console, day = Console(), _since()
    unanswered = settle(console)
    with unit_of_work() as work:
        since = datetime.combine(day or _yesterday(work.now), time(), UTC)
        console.print(f"Comparing with {processor().name} what moved since {since.date()} …")
        found = reconcile(work, processor(), since)
        differences = [*own_differences(work, since), *found.differences]
    if differences:
        console.print(table(differences))
    console.print(
        f"{found.lines} payments compared, {len(differences)} differences, {len(unanswered)} without an answer."
    )
    if unanswered:
        console.print(f"Run it again later for: {', '.join(unanswered)}.")
    sys.exit(1 if differences or unanswered else 0)


def settle(console: Console) -> list[str]:
    """The orders for which the processor still gives no answer."""
    unanswered = []
    with unit_of_work() as work:
        for order_id in track(payments.left_open(work, MOST), "Looking up what is open", console=console):
            try:
                payments.carry_out(work, order_id, processor)
            except Unavailable:
                work.rollback()
                unanswered.append(order_id)
    return unanswered


def table(differences: list[Difference]) -> Table:
    """Amounts in minor units."""
    made = Table("payment, order or account", "what", title="Differences")
    for name in ("ours", "theirs"):
        made.add_column(name, justify="right")
    for one in differences:
        made.add_row(one.subject, one.what, f"{one.ours_minor:,}", f"{one.theirs_minor:,}")
    return made


def _since() -> date | None:
    parser = argparse.ArgumentParser("cloudrun job reconcile_payments", description=__doc__)
    parser.add_argument("--since", type=date.fromisoformat, help="the first day to compare, of UTC")
    since: date | None = parser.parse_args().since
    return since


def _yesterday(now: datetime) -> date:
    """By the market's clock or the wall's, whichever is behind: on one machine they may run apart."""
    return (min(now, datetime.now(UTC)) - timedelta(days=1)).date()
