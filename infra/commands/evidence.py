"""`cloudrun verify`, `witness`, `log`: evidence, those who watch over it, and their keys."""

from pathlib import Path
from typing import Annotated

import typer

from infra.commands.options import HOME, DataDir

app = typer.Typer()
keys = typer.Typer(help="The keys of the transparency log.", no_args_is_help=True)
app.add_typer(keys, name="log")


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="The evidence file of one order.")],
    key: Annotated[list[str], typer.Option(help="A public key of the log, as name+id+base64; may be repeated.")],
    page: Annotated[Path | None, typer.Option(help="Write it as an HTML page for people, too.")] = None,
) -> None:
    """Check the evidence of an order offline; exit code 1 when anything in it does not hold."""
    from infra.verify import verify as check

    raise typer.Exit(check(bundle, key, page))


@app.command()
def witness(
    key: Annotated[Path, typer.Option(help="The witness's private key, from `cloudrun log make-key`.")],
    memory: Annotated[
        Path, typer.Option(help="What it has cosigned; starting again on it is what makes it a witness.")
    ],
    log: Annotated[list[str], typer.Option(help="A public key of a log to witness; may be repeated.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8090,
) -> None:
    """Run a witness until Ctrl-C: it cosigns a log's checkpoint only after a proof that the log was only appended to."""
    from infra.witness.run import run

    raise typer.Exit(run(key, memory, log, host, port))


@keys.command("make-key")
def make_key(
    name: Annotated[str, typer.Argument(help="The log's or the witness's name, like log.example/market.")],
    file: Annotated[Path, typer.Argument(help="Where the private key is written; it must not exist yet.")],
) -> None:
    """Make a private key for a log or a witness, and print its public key."""
    from infra.witness.run import make_key

    raise typer.Exit(make_key(name, file))


@keys.command("public-key")
def public_key(data_dir: DataDir = HOME) -> None:
    """Print the public key of this machine's market, for `cloudrun verify --key`."""
    from infra.witness.run import show_key

    raise typer.Exit(show_key(data_dir))
