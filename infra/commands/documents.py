"""`cloudrun openapi`, `states`, `manifest`: the documents that are made from the code."""

import sys
from pathlib import Path

import typer

from infra.commands.options import ROOT, Check, Write

app = typer.Typer()


@app.command()
def openapi(write: Write = False, check: Check = False) -> None:
    """The OpenAPI 3.1 document, made of the endpoints' declarations."""
    from infra.openapi import DOCUMENT, render

    print_document(render(), DOCUMENT, "openapi", write=write, check=check)


@app.command()
def states(write: Write = False, check: Check = False) -> None:
    """The state machines of orders, tasks, offers, permits and documents, as a page with diagrams."""
    from infra.states import PAGE, render

    print_document(render(), PAGE, "states", write=write, check=check)


@app.command()
def manifest(write: Write = False, check: Check = False) -> None:
    """Every function, job, topic, queue and schedule as JSON: what Terraform deploys and a container serves."""
    from infra.manifest import DOCUMENT, render

    print_document(render(), DOCUMENT, "manifest", write=write, check=check)


def print_document(text: str, file: Path, command: str, *, write: bool, check: bool) -> None:
    shown = file.relative_to(ROOT)
    if write:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        print(f"{shown} is written.")
    elif check:
        if not file.exists() or file.read_text() != text:
            print(f"{shown} is stale. Run `cloudrun {command} --write` and commit it.", file=sys.stderr)
            raise typer.Exit(1)
        print(f"{shown} is up to date.")
    else:
        print(text, end="")
