"""`cloudrun`: the command line. What its commands do is in `infra/commands`, a file for each topic."""

import typer

from infra.commands import bench, dispatch, documents, emulators, evidence, market, policy

app = typer.Typer(
    help="CloudRun: a marketplace for local delivery of age-restricted goods, with real-time dispatch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for topic in (market.app, evidence.app, documents.app):
    app.add_typer(topic)
for name, topic in {
    "dispatch": dispatch.app,
    "policy": policy.app,
    "emulate": emulators.app,
    "bench": bench.app,
}.items():
    app.add_typer(topic, name=name)


def main() -> None:
    app()
