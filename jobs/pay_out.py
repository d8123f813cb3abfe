"""`cloudrun job pay_out [FILE.csv]`: pay drivers and merchants what the ledger owes them; run again, it pays nobody twice."""

import csv
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from shared.kernel.deployment import JobDeployment
from shared.ledger.payouts import Payout, pay_out, payees, told_on
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(schedule="0 11 * * *")


def main() -> None:
    """The file is for the bank: every payout of today, also those of an earlier run."""
    console = Console()
    with unit_of_work() as work:
        found = [
            payout for payee in track(payees(work), "Paying out", console=console) for payout in pay_out(work, payee)
        ]
        today = told_on(work, work.now.date())
    console.print(table(found))
    paid = sum(payout.payout_id is not None for payout in found)
    console.print(f"{paid} of {len(found)} paid.")
    for name in sys.argv[1:2]:
        write(Path(name), today)
        console.print(f"{name} tells the bank of {len(today)} payouts of today.")


def table(payouts: list[Payout]) -> Table:
    made = Table("payee", "payout", title="Payouts")
    made.add_column("minor units", justify="right")
    for one in payouts:
        state = "owes the platform" if one.amount_minor < 0 else "paid before today; the rest tomorrow"
        made.add_row(one.payee, one.payout_id or state, f"{one.amount_minor:,} {one.currency}")
    return made


def write(file: Path, payouts: list[Payout]) -> None:
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("payout_id", "payee", "amount_minor", "currency"))
        rows.writerows((one.payout_id, one.payee, one.amount_minor, one.currency) for one in payouts)
