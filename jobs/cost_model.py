"""`cloudrun job cost_model`: dollars for 1,000 orders, from counted operations of a measured run and dated prices."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shared.kernel.deployment import JobDeployment
from shared.operations.cost.model import Assumptions, day
from shared.operations.cost.page import SCALES, chart, render
from shared.operations.cost.prices import read
from shared.operations.cost.usage import Usage, of

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "cost"

DEPLOYMENT = JobDeployment(on_cloud=False)


def main() -> None:
    options = _options()
    prices = read(FOLDER / "prices.csv")
    measured = json.loads((FOLDER / "measured.json").read_text())
    usage, on = Usage(**measured["usage"]), measured["run"]
    if options.report is not None:
        report = json.loads(options.report.read_text())
        try:
            usage, on = of(report), report["source"]
        except ValueError as error:
            sys.exit(f"{options.report}: {error}.")
    if options.write:
        (FOLDER / "measured.json").write_text(json.dumps({"run": on, "usage": asdict(usage)}, indent=2) + "\n")
        (FOLDER / "chart.svg").write_text(chart(usage, prices, Assumptions()))
        (DOCS / "cost.md").write_text(render(usage, prices, Assumptions(), on))
        print(f"{DOCS / 'cost.md'} is written.")
        return
    console = Console()
    for orders in SCALES:
        table = Table(title=f"{orders:,} orders a day: dollars for 1,000 orders", title_justify="left", box=None)
        for head, justify in (("component", "left"), ("what", "left"), ("dollars", "right")):
            table.add_column(head, justify=justify)  # type: ignore[arg-type]
        lines = day(usage, orders, prices, Assumptions())
        for line in lines:
            table.add_row(line.component, line.what, f"{line.dollars / orders * 1_000:.4f}")
        table.add_row("", "all", f"{sum(line.dollars for line in lines) / orders * 1_000:.4f}", style="bold")
        console.print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("cloudrun job cost_model", description=__doc__)
    parser.add_argument("--report", type=Path, help="of another run: the file of `cloudrun demo --json`")
    parser.add_argument("--write", action="store_true", help="write docs/cost.md, its chart and its measured counts")
    return parser.parse_args()
