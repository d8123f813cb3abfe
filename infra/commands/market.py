"""`cloudrun up`, `demo`, `job`, `environment`, `doctor`, `chaos`: the market on this machine."""

import shlex
from enum import StrEnum
from typing import Annotated

import typer

from infra.commands.options import HOME, DataDir, Port
from shared.kernel.deployment import Platform

app = typer.Typer()


class Payments(StrEnum):
    FAKE = "fake"
    STRIPE = "stripe"


class Storm(StrEnum):
    VENDORS = "vendors"


class Verifier(StrEnum):
    FAKE = "fake"
    FAKE_DOCUMENT = "fake_document"
    ONFIDO = "onfido"


@app.command()
def up(
    port: Port = 8080,
    data_dir: DataDir = HOME,
    market: Annotated[bool, typer.Option(help="Let simulated customers, merchants and drivers use the API.")] = True,
    rate: Annotated[float, typer.Option(help="Orders per minute of the market's clock.", min=0.01, max=60.0)] = 1.5,
    speed: Annotated[float, typer.Option(help="How fast the clock runs; 1 is real time.", min=0.1, max=200.0)] = 10.0,
    platform: Annotated[
        Platform, typer.Option(help="`google`: the adapters of Google Cloud, on emulators of its services.")
    ] = Platform.EMBEDDED,
    payments: Annotated[
        Payments, typer.Option(help="Who takes the money: a fake, or Stripe's SDK against a stand-in.")
    ] = Payments.FAKE,
    verifier: Annotated[
        Verifier, typer.Option(help="Who checks ages: a fake, a fake that compares faces, or Onfido's stand-in.")
    ] = Verifier.FAKE,
) -> None:
    """Run the whole market on this machine until Ctrl-C."""
    from infra.local.up import run

    vendors = {"payments": payments.value, "verifier": verifier.value}
    raise typer.Exit(run(port, data_dir, platform, market=market, rate=rate, speed=speed, **vendors))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def demo(context: typer.Context) -> None:
    """Replay a real day of deliveries in accelerated time and report on it. `cloudrun demo --help` for its options."""
    from infra.market.demo import main

    raise typer.Exit(main(context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def job(context: typer.Context, name: Annotated[str, typer.Argument(help="A file in jobs/, like migrate.")]) -> None:
    """Run a job: what is a Cloud Run job on Google Cloud."""
    from infra.jobs import UnknownJob, run

    try:
        run(name, context.args)
    except UnknownJob as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def environment(data_dir: DataDir = HOME) -> None:
    """What a process needs to belong to the market that runs, secrets included, for a shell: eval "$(cloudrun environment)"."""
    from infra.local.running import environment as of_market

    for name, value in of_market(data_dir).items():
        print(f"export {name}={shlex.quote(value)}")


@app.command()
def doctor(port: Port = 8080, data_dir: DataDir = HOME) -> None:
    """Check what the market needs on this machine, and say what to do about what is missing."""
    from infra.doctor import examine

    raise typer.Exit(examine(port, data_dir))


@app.command()
def chaos(storm: Storm, orders: Annotated[int, typer.Option(help="How many orders.", min=60)] = 1_000) -> None:
    """Let a fifth of all calls to both vendors fail, and compare what they have with ours in the end; 1 when it differs."""
    from infra import chaos as storms

    raise typer.Exit({Storm.VENDORS: storms.vendors}[storm](orders))
