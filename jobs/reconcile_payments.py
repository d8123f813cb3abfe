"""`cloudrun job reconcile_payments`: settle what was never answered, then compare ours with the processor's, line by line."""

import sys

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
    console = Console()
    unanswered = settle(console)
    with unit_of_work() as work:
        console.print(f"Comparing with {processor().name} …")
        found = reconcile(work, processor())
        differences = [*own_differences(work), *found.differences]
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
