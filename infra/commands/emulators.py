"""`cloudrun emulate`: emulators of managed services."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Emulators of managed services.", no_args_is_help=True)


@app.callback()
def emulators() -> None:
    """Emulators of managed services."""


@app.command("cloud-tasks")
def emulate_cloud_tasks(
    file: Annotated[Path, typer.Argument(help="Where queues and tasks are kept; starting again on it finds them.")],
    port: Annotated[int, typer.Option(help="The gRPC port; 0 takes a free one.", min=0, max=65535)] = 8123,
) -> None:
    """Run the emulator of Google Cloud Tasks until Ctrl-C."""
    from infra.emulators.cloud_tasks.__main__ import main as serve

    raise typer.Exit(serve(["--port", str(port), "--file", str(file)]))
