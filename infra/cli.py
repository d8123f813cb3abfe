"""`cloudrun`: the command line. Each command loads only what it needs."""

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shared.kernel.deployment import Platform

app = typer.Typer(
    help="CloudRun: a marketplace for local delivery of age-restricted goods, with real-time dispatch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ROOT = Path(__file__).resolve().parents[1]

DataDir = Annotated[Path, typer.Option(help="Where the market keeps everything; starting again on it finds all data.")]
Port = Annotated[int, typer.Option(help="The one port that serves the API and the web apps.", min=1, max=65535)]


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
    data_dir: DataDir = ROOT / ".cloudrun",
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
def doctor(port: Port = 8080, data_dir: DataDir = ROOT / ".cloudrun") -> None:
    """Check what the market needs on this machine, and say what to do about what is missing."""
    from infra.doctor import examine

    raise typer.Exit(examine(port, data_dir))


dispatch = typer.Typer(help="Explain, replay and evaluate the decisions of dispatch.", no_args_is_help=True)
app.add_typer(dispatch, name="dispatch")


@dispatch.command("explain")
def dispatch_explain(order_id: str, data_dir: DataDir = ROOT / ".cloudrun") -> None:
    """Every offer made for an order, or why it waited: who was weighed, what each term cost, what would have changed the choice."""
    from infra.dispatch import explain

    raise typer.Exit(explain(order_id, data_dir))


@dispatch.command("set-parameters")
def dispatch_set_parameters(region_id: str, file: Path, data_dir: DataDir = ROOT / ".cloudrun") -> None:
    """Check a JSON file of what a region decides with, and store it as the region's next version."""
    from infra.dispatch import set_parameters

    raise typer.Exit(set_parameters(region_id, file, data_dir))


@dispatch.command("replay")
def dispatch_replay(tick_id: str, data_dir: DataDir = ROOT / ".cloudrun") -> None:
    """Solve a stored tick again and compare it with the offers it made; exit code 1 when they differ."""
    from infra.dispatch import replay

    raise typer.Exit(replay(tick_id, data_dir))


@dispatch.command("bundles")
def dispatch_bundles(
    hours: Annotated[float, typer.Option(help="How far to look back.", min=0.1)] = 24.0,
    data_dir: DataDir = ROOT / ".cloudrun",
) -> None:
    """How often bundles took less time than their orders would have taken apart, by the number of their orders."""
    from infra.dispatch import bundles

    raise typer.Exit(bundles(hours, data_dir))


@dispatch.command("evaluate")
def dispatch_evaluate(
    parameters: Annotated[Path, typer.Option(help="A JSON file; what it leaves out has its default.")],
    region: Annotated[str | None, typer.Option(help="One region; all when left out.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="From this UTC day on; the last 14 days when left out.")
    ] = None,
    data_dir: DataDir = ROOT / ".cloudrun",
) -> None:
    """What other parameters would have got in the logged ticks; exit code 1 when the log has too little to say."""
    from infra.dispatch import evaluate

    begun = since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=14)
    raise typer.Exit(evaluate(parameters, region, begun, data_dir))


policy = typer.Typer(help="The law on file, and what it said of an order.", no_args_is_help=True)
app.add_typer(policy, name="policy")


@policy.command("explain")
def policy_explain(
    order: Annotated[str, typer.Option(help="The order's id.")],
    at: Annotated[
        datetime | None, typer.Option(help="Under the policy of this day instead of the order's own.")
    ] = None,
    data_dir: DataDir = ROOT / ".cloudrun",
) -> None:
    """Which rules applied to an order and why; exit code 1 when its own policy no longer gives the answers it gave."""
    from infra.policy import show

    raise typer.Exit(show(order, at.date() if at else None, data_dir))


@policy.command("table")
def policy_table(
    write: Annotated[bool, typer.Option("--write", help="Write the committed document.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail when the committed document is stale.")] = False,
) -> None:
    """Every row of the law with its gate, its source and its tests, as a page."""
    from infra.compliance import PAGE, render

    _document(render(), PAGE, "policy table", write=write, check=check)


emulate = typer.Typer(help="Emulators of managed services.", no_args_is_help=True)
app.add_typer(emulate, name="emulate")


@emulate.callback()
def emulators() -> None:
    """Emulators of managed services."""


@emulate.command("cloud-tasks")
def emulate_cloud_tasks(
    file: Annotated[Path, typer.Argument(help="Where queues and tasks are kept; starting again on it finds them.")],
    port: Annotated[int, typer.Option(help="The gRPC port; 0 takes a free one.", min=0, max=65535)] = 8123,
) -> None:
    """Run the emulator of Google Cloud Tasks until Ctrl-C."""
    from infra.emulators.cloud_tasks.__main__ import main as serve

    raise typer.Exit(serve(["--port", str(port), "--file", str(file)]))


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="The evidence file of one order.")],
    key: Annotated[list[str], typer.Option(help="A public key of the log, as name+id+base64; may be repeated.")],
    page: Annotated[Path | None, typer.Option(help="Write it as an HTML page for people, too.")] = None,
) -> None:
    """Check the evidence of an order offline; exit code 1 when anything in it does not hold."""
    from infra.verify import verify as check

    raise typer.Exit(check(bundle, key, page))


log = typer.Typer(help="The keys of the transparency log.", no_args_is_help=True)
app.add_typer(log, name="log")


@log.command("make-key")
def log_make_key(
    name: Annotated[str, typer.Argument(help="The log's or the witness's name, like log.example/market.")],
    file: Annotated[Path, typer.Argument(help="Where the private key is written; it must not exist yet.")],
) -> None:
    """Make a private key for a log or a witness, and print its public key."""
    from infra.witness.run import make_key

    raise typer.Exit(make_key(name, file))


@log.command("public-key")
def log_public_key(data_dir: DataDir = ROOT / ".cloudrun") -> None:
    """Print the public key of this machine's market, for `cloudrun verify --key`."""
    from infra.witness.run import show_key

    raise typer.Exit(show_key(data_dir))


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


Write = Annotated[bool, typer.Option("--write", help="Write the committed document.")]
Check = Annotated[bool, typer.Option("--check", help="Fail when the committed document is stale.")]


@app.command()
def openapi(write: Write = False, check: Check = False) -> None:
    """The OpenAPI 3.1 document, made of the endpoints' declarations."""
    from infra.openapi import DOCUMENT, render

    _document(render(), DOCUMENT, "openapi", write=write, check=check)


@app.command()
def states(write: Write = False, check: Check = False) -> None:
    """The state machines of orders, tasks, offers, permits and documents, as a page with diagrams."""
    from infra.states import PAGE, render

    _document(render(), PAGE, "states", write=write, check=check)


@app.command()
def manifest(write: Write = False, check: Check = False) -> None:
    """Every function, job, topic, queue and schedule as JSON: what Terraform deploys and a container serves."""
    from infra.manifest import DOCUMENT, render

    _document(render(), DOCUMENT, "manifest", write=write, check=check)


@app.command()
def chaos(storm: Storm, orders: Annotated[int, typer.Option(help="How many orders.", min=60)] = 1_000) -> None:
    """Let a fifth of all calls to both vendors fail, and compare what they have with ours in the end; 1 when it differs."""
    from infra import chaos as storms

    raise typer.Exit({Storm.VENDORS: storms.vendors}[storm](orders))


bench = typer.Typer(help="Measure.", invoke_without_command=True)
app.add_typer(bench, name="bench")


@bench.callback()
def bench_everything(context: typer.Context) -> None:
    """Print every performance figure, each beside what it is compared with; or those of one thing."""
    from infra.bench.report import main

    if context.invoked_subcommand is None:
        raise typer.Exit(main())


@bench.command("planner")
def bench_planner(
    data: Annotated[Path | None, typer.Option(help="The folder with the instances of Li and Lim.")] = None,
    seconds: Annotated[str, typer.Option(help="Budgets for one instance, with commas between.")] = "0.1,1,10",
    instances: Annotated[int, typer.Option(help="How many instances, spread evenly.", min=1)] = 4,
    every: Annotated[bool, typer.Option("--all", help="Every instance; an hour.")] = False,
) -> None:
    """The route planner beside plain VROOM and OR-Tools routing, against the best known solutions."""
    from infra.bench import planner

    try:
        budgets_s = tuple(float(part) for part in seconds.split(","))
    except ValueError as error:
        raise typer.BadParameter("--seconds takes numbers with commas between, like 0.1,1,10") from error
    planner.main(data or planner.DATA, budgets_s, None if every else instances)


def _document(text: str, file: Path, command: str, *, write: bool, check: bool) -> None:
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


def main() -> None:
    app()
