"""`cloudrun bench`: measure."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Measure.", invoke_without_command=True)


@app.callback()
def everything(context: typer.Context) -> None:
    """Print every performance figure, each beside what it is compared with; or those of one thing."""
    from infra.bench.report import main

    if context.invoked_subcommand is None:
        raise typer.Exit(main())


@app.command()
def planner(
    data: Annotated[Path | None, typer.Option(help="The folder with the instances of Li and Lim.")] = None,
    seconds: Annotated[str, typer.Option(help="Budgets for one instance, with commas between.")] = "0.1,1,10",
    instances: Annotated[int, typer.Option(help="How many instances, spread evenly.", min=1)] = 4,
    seeds: Annotated[int, typer.Option(help="How many seeds of the planner; its rivals run once.", min=1)] = 1,
    every: Annotated[bool, typer.Option("--all", help="Every instance; an hour.")] = False,
) -> None:
    """The route planner beside plain VROOM and OR-Tools routing, against the best known solutions."""
    from infra.bench import planner

    try:
        budgets_s = tuple(float(part) for part in seconds.split(","))
    except ValueError as error:
        raise typer.BadParameter("--seconds takes numbers with commas between, like 0.1,1,10") from error
    planner.main(data or planner.DATA, budgets_s, None if every else instances, seeds)
