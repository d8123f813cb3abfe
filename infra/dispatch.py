"""`cloudrun dispatch`: why an order went to its driver, whether a stored tick still decides the same, what bundles brought,
and what other parameters would have got."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from infra.local.running import open_work
from shared.dispatch import explanation, hindsight, tuning
from shared.dispatch.engine import Explanation, Parameters, Policy, Reason
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound
from shared.prediction import evaluation
from shared.prediction.models import incumbent
from shared.prediction.off_policy import Estimate, Evaluation
from shared.wiring.dispatch import parameters

console = Console(highlight=False, soft_wrap=True)

SHOWN = 8
"""Candidates of a decision, cheapest first."""


def explain(order_id: str, data_dir: Path) -> int:
    """Print every decision that made an offer for an order, or the latest that left it waiting. Gives the exit code."""
    with open_work(data_dir) as work:
        try:
            decisions = explanation.explain_order(work, order_id)
        except NotFound as error:
            raise typer.BadParameter(error.detail) from None
    for tick_id, at, decision in decisions:
        console.print(_table(f"{tick_id}  {rfc3339(at)}", decision))
        console.print(_verdict(decision))
    return 0


def set_parameters(region_id: str, file: Path, data_dir: Path) -> int:
    """Check and store what a region decides with from its next tick on. Gives the exit code."""
    try:
        overrides = json.loads(file.read_bytes())
        if not isinstance(overrides, dict):
            raise ValueError('the file must hold an object, as in {"weights": {"fairness": 90}}')
        with open_work(data_dir) as work:
            chosen = tuning.set_parameters(work, parameters(), region_id, overrides)
    except NotFound as error:
        raise typer.BadParameter(error.detail) from None
    except ValueError as error:
        raise typer.BadParameter(f"{file}: {error}. Nothing was changed.") from None
    console.print(f"{chosen.weights.version} is in force from the next tick of {region_id}.")
    console.print_json(data=overrides)
    return 0


def replay(tick_id: str, data_dir: Path) -> int:
    """Print what a stored tick decides now. Gives the exit code: 1 when it made an offer that is not among them."""
    with open_work(data_dir) as work:
        try:
            found = explanation.replay(work, tick_id)
        except NotFound as error:
            raise typer.BadParameter(error.detail) from None
    for task_id, driver_id in sorted(found.decided):
        made = "  (taken before the offer was written)" if (task_id, driver_id) in found.unmade else ""
        console.print(f"{task_id} → {driver_id}{made}")
    for task_id, driver_id in sorted(found.made - found.decided):
        console.print(f"[bold red]{task_id} → {driver_id} was offered then, and is not decided now[/]")
    console.print("The same decisions." if found.same else "[bold red]Not the same decisions.[/]")
    return 0 if found.same else 1


def bundles(hours: float, data_dir: Path) -> int:
    """Print how the trips of the last hours did beside their orders apart. Gives the exit code."""
    with open_work(data_dir) as work:
        sizes = hindsight.by_size(work, timedelta(hours=hours))
    if not sizes:
        console.print(f"No trip has ended in the last {hours:g} hours. Look further back with --hours.")
        return 0
    table = Table("orders", "trips", "took", "estimated apart", "took less than apart", box=None)
    for row in sizes:
        apart = "–" if row["apart_s"] is None else f"{row['apart_s'] / 60:.1f} min"
        beaten = "–" if row["apart_s"] is None else f"{row['beaten'] / row['trips']:.0%}"
        table.add_row(str(row["orders"]), str(row["trips"]), f"{row['took_s'] / 60:.1f} min", apart, beaten)
    console.print(table)
    return 0


def evaluate(file: Path, region_id: str | None, since: datetime, data_dir: Path) -> int:
    """Print what the parameters of a file would have got in the logged ticks. Gives the exit code: 1 when the log has too
    little to say."""
    chosen, given = _parameters(file)
    bar = Progress(TextColumn("Solving ticks again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                   console=console, transient=True)  # fmt: skip
    with open_work(data_dir) as work, bar:
        if "acceptance" not in given:
            chosen = replace(chosen, acceptance=incumbent(work))
        shown = bar.add_task("", total=None)
        try:
            found = evaluation.of_parameters(
                work, chosen, region_id=region_id, since=since,
                progress=lambda done, total: bar.update(shown, completed=done, total=total),
            )  # fmt: skip
        except evaluation.NothingLogged as error:
            raise typer.BadParameter(str(error)) from None
    console.print(f"{found.ticks} ticks; {found.waiting} of their offers were for orders that would have waited.")
    console.print(_estimates("share of offers accepted", found.acceptance, scale=100.0, unit="%"))
    if found.click_to_pickup is not None:
        console.print(_estimates("click to pickup", found.click_to_pickup, scale=1 / 60.0, unit="min"))
    for sentence in found.acceptance.warnings:
        console.print(f"[bold yellow]{sentence}[/]")
    return 1 if found.acceptance.warnings else 0


def _parameters(file: Path) -> tuple[Parameters, set[str]]:
    """The parameters of a JSON file, and which parts it names; the rest have their defaults."""
    try:
        given = json.loads(file.read_text())
        return Parameters.from_dict(given), set(given)
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise typer.BadParameter(f"{file} does not hold parameters of dispatch as JSON: {error}") from None


def _estimates(title: str, found: Evaluation, scale: float, unit: str) -> Table:
    table = Table("estimator", unit, "95 % interval", title=title, title_justify="left", box=None)

    def row(name: str, estimate: Estimate, style: str = "") -> None:
        low, high = estimate.low * scale, estimate.high * scale
        table.add_row(name, f"{estimate.value * scale:.1f}", f"{low:.1f} to {high:.1f}", style=style)

    row("as logged", found.naive)
    row("inverse propensity", found.ips)
    row("self-normalised", found.snips)
    row("doubly robust", found.doubly_robust, style="bold")
    table.caption = (
        f"{found.decisions} decisions, worth {found.effective:.0f}; {found.support:.0%} of the choices were tried"
    )
    table.caption_justify = "left"
    return table


def _table(title: str, decision: Explanation) -> Table:
    """Seconds throughout, but for p_accept; a driver by the end of its id, to leave room for the figures."""
    letters = list(decision.candidates[0].terms) if decision.candidates else []
    table = Table("driver", "cost", "approach", "door", *letters, title=title, title_justify="left", box=None)
    for candidate in decision.candidates[:SHOWN]:
        figures = [f"{figure:.0f}" for figure in (candidate.cost, candidate.approach_s, candidate.eta_s)]
        figures += [f"{candidate.terms[name]:.{2 if name == 'p_accept' else 0}f}" for name in letters]
        chosen = candidate.driver_id == decision.chosen_driver_id
        table.add_row(f"…{candidate.driver_id[-8:]}", *figures, style="bold green" if chosen else "")
    return table


def _verdict(decision: Explanation) -> str:
    waited, margin_s = decision.chosen_driver_id is None, decision.margin_s
    if waited:
        told = f"It waited: {decision.reason}. Waiting was worth {decision.wait_price:.0f} s."
    elif decision.explored:
        told = f"{decision.chosen_driver_id}: drawn among near equals, with a probability of {decision.propensity:.3f}."
    else:
        told = f"{decision.chosen_driver_id}, chosen by {decision.policy}."
    if margin_s is None:
        return f"{told} There was no other plan.\n"
    other = f"{decision.runner_up_id} would have it" if decision.runner_up_id else "it would wait"
    if decision.reason is Reason.NOT_YET:
        return f"{told} In {margin_s:.0f} s it is offered to {decision.runner_up_id}.\n"
    if decision.reason is Reason.DRIVERS_TAKEN and decision.policy is Policy.NEAREST:
        return f"{told} Were it open {margin_s:.0f} s longer, {other}.\n"
    reason = f", decided by {decision.decisive_term}" if decision.decisive_term else ""
    if decision.explored and margin_s < 0:
        return f"{told} Without the draw {other}, {-margin_s:.0f} s cheaper{reason}.\n"
    return f"{told} Were {'waiting' if waited else 'the choice'} {margin_s:.0f} s dearer, {other}{reason}.\n"
