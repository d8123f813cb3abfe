"""`cloudrun dispatch`: explain, replay and evaluate."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.options import HOME, DataDir

app = typer.Typer(help="Explain, replay and evaluate the decisions of dispatch.", no_args_is_help=True)


@app.command()
def explain(order_id: str, data_dir: DataDir = HOME) -> None:
    """Every offer made for an order, or why it waited: who was weighed, what each term cost, what would have changed the choice."""
    from infra.dispatch import explain

    raise typer.Exit(explain(order_id, data_dir))


@app.command("set-parameters")
def set_parameters(region_id: str, file: Path, data_dir: DataDir = HOME) -> None:
    """Check a JSON file of what a region decides with, and store it as the region's next version."""
    from infra.dispatch import set_parameters

    raise typer.Exit(set_parameters(region_id, file, data_dir))


@app.command()
def replay(tick_id: str, data_dir: DataDir = HOME) -> None:
    """Solve a stored tick again and compare it with the offers it made; exit code 1 when they differ."""
    from infra.dispatch import replay

    raise typer.Exit(replay(tick_id, data_dir))


@app.command()
def bundles(
    hours: Annotated[float, typer.Option(help="How far to look back.", min=0.1)] = 24.0,
    data_dir: DataDir = HOME,
) -> None:
    """How often bundles took less time than their orders would have taken apart, by the number of their orders."""
    from infra.dispatch import bundles

    raise typer.Exit(bundles(hours, data_dir))


@app.command()
def evaluate(
    parameters: Annotated[Path, typer.Option(help="A JSON file; what it leaves out has its default.")],
    region: Annotated[str | None, typer.Option(help="One region; all when left out.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="From this UTC day on; the last 14 days when left out.")
    ] = None,
    data_dir: DataDir = HOME,
) -> None:
    """What other parameters would have got in the logged ticks; exit code 1 when the log has too little to say."""
    from infra.dispatch import evaluate

    begun = since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=14)
    raise typer.Exit(evaluate(parameters, region, begun, data_dir))
