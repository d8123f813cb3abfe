"""`cloudrun policy`: the law."""

from datetime import datetime
from typing import Annotated

import typer

from infra.commands.documents import print_document
from infra.commands.options import HOME, Check, DataDir, Write

app = typer.Typer(help="The law on file, and what it said of an order.", no_args_is_help=True)


@app.command()
def explain(
    order: Annotated[str, typer.Option(help="The order's id.")],
    at: Annotated[
        datetime | None, typer.Option(help="Under the policy of this day instead of the order's own.")
    ] = None,
    data_dir: DataDir = HOME,
) -> None:
    """Which rules applied to an order and why; exit code 1 when its own policy no longer gives the answers it gave."""
    from infra.policy import show

    raise typer.Exit(show(order, at.date() if at else None, data_dir))


@app.command()
def table(write: Write = False, check: Check = False) -> None:
    """Every row of the law with its gate, its source and its tests, as a page."""
    from infra.compliance import PAGE, render

    print_document(render(), PAGE, "policy table", write=write, check=check)
