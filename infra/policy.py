"""`cloudrun policy explain`: which rules applied to an order, and what its gates say of the kept facts on any day."""

from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from infra.local.running import open_work
from shared.kernel.errors import NotFound
from shared.orders.explanation import Explanation, Verdict, explain

console = Console(highlight=False, soft_wrap=True)


def show(order_id: str, at: date | None, data_dir: Path) -> int:
    """Print it. Gives the exit code: 1 when the order's own policy no longer gives the answers that it gave."""
    with open_work(data_dir) as work:
        try:
            found = explain(work, order_id, at)
        except NotFound as error:
            raise typer.BadParameter(error.detail) from None
    console.print(_title(found))
    if not found.restricted:
        console.print("Nothing in it is age-restricted: no gate was asked.")
        return 0
    console.print(_answers(found))
    console.print(_rows(found))
    console.print(_conclusion(found))
    return 0 if found.same or not found.as_placed else 1


def _title(found: Explanation) -> str:
    law = found.policy
    return (
        f"[bold]{found.order_id}[/] was placed on {found.placed_on} under {found.recorded_version}.\n"
        f"Policy of {law.jurisdiction} on {law.day}: {law.version}\n"
    )


def _answers(found: Explanation) -> Table:
    table = Table("gate", "asked at", "answered", f"on {found.policy.day}", "why", box=None)
    for verdict in found.verdicts:
        said = ["passed" if passed else "refused" for passed in (verdict.answer.passed, verdict.again.passed)]
        style = "" if verdict.same else "bold yellow"
        table.add_row(verdict.answer.gate.value, verdict.answer.event, *said, _why(verdict), style=style)
    return table


def _why(verdict: Verdict) -> str:
    if verdict.again.passed:
        return f"satisfies {', '.join(verdict.again.rule_ids)}" if verdict.again.rule_ids else "no rule asks for it"
    return " ".join(
        f"{reason.sentence} ({reason.rule_id})" if reason.rule_id else reason.sentence
        for reason in verdict.again.reasons
    )


def _rows(found: Explanation) -> Table:
    table = Table("rule", "since", "requires", "source", box=None, title="\nRules in force", title_justify="left")
    for rule in found.policy.rules:
        shown = str(rule.requires) if rule.enforced else f"{rule.requires} [switched off]"
        table.add_row(rule.rule_id, rule.effective_from.isoformat(), shown.replace("[", r"\["), rule.source)
    return table


def _conclusion(found: Explanation) -> str:
    changed = [verdict.answer.gate.value for verdict in found.verdicts if not verdict.same]
    if found.policy.day == found.placed_on and not found.as_placed:
        return f"\n[bold yellow]The rows of that day are no longer those of {found.recorded_version}.[/]"
    if not changed:
        return "\nEvery gate gives the answer that it gave."
    return f"\n[bold yellow]Another answer than the one given: {', '.join(dict.fromkeys(changed))}.[/]"
