"""`cloudrun up`: start the runtime, let the market play on it, and show what happens until somebody stops it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from infra.local.child import ROOT
from infra.local.postgres import PostgresFailed
from infra.local.processes import RuntimeFailed
from infra.local.runtime import Runtime
from shared.kernel.deployment import Platform

SHOWN = (
    "placed", "offered", "accepted", "delivered", "refused", "returned", "cancelled", "dossier_verified", "dossier_broken",
    "trouble",
)  # fmt: skip


def run(
    port: int, data_dir: Path, platform: Platform, *, market: bool, rate: float, speed: float, payments: str, verifier: str
) -> int:  # fmt: skip
    """Until SIGINT or SIGTERM. Gives the exit code."""
    console = Console(highlight=False)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    host = os.environ.get("HOST", "127.0.0.1")

    def announce(line: str) -> None:
        console.print(f"[dim]{line}[/]")

    try:
        vendors = {"payments": payments, "verifier": verifier}
        with Runtime(data_dir, port, host=host, platform=platform, announce=announce, **vendors) as runtime:
            runtime.set_speed(speed)
            _print_addresses(console, runtime)
            if market:
                _show_market(console, runtime, rate, stop)
            else:
                stop.wait()
            console.print("\n[dim]Stopping …[/]")
    except (RuntimeFailed, PostgresFailed) as error:
        console.print(f"[bold red]Not started.[/] {error}")
        return 1
    console.print("Stopped. Everything is kept; start again with the same command.")
    return 0


def _print_addresses(console: Console, runtime: Runtime) -> None:
    table = Table.grid(padding=(0, 2))
    for name, value in (
        ("Mission control", f"{runtime.base_url}/mission/"),
        ("API", f"{runtime.base_url}/v1"),
        ("API documents", f"{runtime.base_url}/docs   {runtime.base_url}/redoc"),
        ("Sign in", f"{runtime.admin_email}   {runtime.admin_password}"),
        ("Platform", runtime.platform),
        ("Data and logs", str(runtime.data_dir)),
        ("Clock", f"{runtime.speed():g} times the wall's; `--speed 1` for real time"),
        ("Stop", "Ctrl-C"),
    ):
        table.add_row(Text(name, style="bold"), value)
    console.print()
    console.print(table)
    console.print()


def _show_market(console: Console, runtime: Runtime, rate: float, stop: threading.Event) -> None:
    command = [sys.executable, "-m", "infra.market", runtime.base_url, str(runtime.data_dir), str(60 * rate)]
    sign_in = {"ADMIN_EMAIL": runtime.admin_email, "ADMIN_PASSWORD": runtime.admin_password}
    environment = {**os.environ, **runtime.environment, **sign_in}
    log = (runtime.data_dir / "market.log").open("ab")
    players = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
    )
    log.close()
    counts: Counter[str] = Counter()
    latest: list[str] = ["The market is opening …"]
    threading.Thread(target=_listen, args=(players, counts, latest), daemon=True).start()
    try:
        if console.is_terminal:
            with Live(console=console, refresh_per_second=4) as live:
                while not stop.wait(0.25):
                    live.update(_line(counts, latest[0]))
        else:
            while not stop.wait(10):
                console.print(_line(counts, latest[0]))
    finally:
        players.terminate()
        try:
            players.wait(1.0)
        except subprocess.TimeoutExpired:
            players.kill()


def _listen(players: "subprocess.Popen[bytes]", counts: "Counter[str]", latest: list[str]) -> None:
    assert players.stdout is not None, "the market's output is piped"
    for line in players.stdout:
        happening: dict[str, Any] = json.loads(line)
        counts[happening["kind"]] += 1
        latest[0] = f"{happening['at'][11:19]} {happening['kind'].replace('_', ' ')} {happening['order_id']}"


def _line(counts: "Counter[str]", latest: str) -> Text:
    bad = ("dossier_broken", "trouble")
    told = "   ".join(f"{kind.replace('_', ' ')} {counts[kind]}" for kind in SHOWN if counts[kind] or kind not in bad)
    return Text.assemble((told, "bold"), "\n", (latest, "dim"))
