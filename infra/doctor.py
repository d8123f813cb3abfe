"""`cloudrun doctor`: look at everything the market needs on this machine, and say what to do about what is missing."""

import os
import platform
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from infra.local import postgres
from infra.local.postgres import PostgresFailed
from infra.tools.web import OLDEST_NODE
from shared.storage.connection import Connection, DatabaseError, InterfaceError, close

ROOT = Path(__file__).resolve().parents[1]
OLDEST_POSTGRES = 16
DISK_NEEDED_GB = 2.0

Verdict = Literal["good", "optional", "bad"]
MARKS: dict[Verdict, str] = {"good": "[green]✓[/]", "optional": "[yellow]–[/]", "bad": "[bold red]✗[/]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do; empty when there is nothing to do."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""


def examine(port: int, data_dir: Path) -> int:
    """Print what was found. Gives 1 when something that is needed is missing."""
    findings = list(_findings(port, data_dir))
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        table.add_row(MARKS[finding.verdict], finding.subject, finding.found)
        if finding.advice:
            table.add_row("", "", f"[bold]{finding.advice}[/]")
    console = Console(highlight=False)
    console.print(table)
    bad = [finding.subject for finding in findings if finding.verdict == "bad"]
    console.print(f"\n[bold red]To be mended: {', '.join(bad)}.[/]" if bad else "\n[green]`make run` can start.[/]")
    return 1 if bad else 0


def _findings(port: int, data_dir: Path) -> Iterator[Finding]:
    yield _python()
    yield _packages()
    yield _node()
    yield _web_apps()
    yield _database(data_dir)
    yield _port(port)
    yield _folder(data_dir)
    yield _browser()
    yield _emulators()


def _python() -> Finding:
    return Finding("Python", "good", platform.python_version())


def _packages() -> Finding:
    lock, stamp = ROOT / "requirements.lock", ROOT / ".make" / "python"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return Finding("Packages", "good", "as locked")
    return Finding("Packages", "bad", "not as requirements.lock has them", "Run `make install`.")


def _node() -> Finding:
    node = shutil.which("node")
    if node is None:
        return Finding("Node", "optional", "none; `make web` takes the one of a PyPI wheel")
    version = _said([node, "--version"])
    if int(version.lstrip("v").partition(".")[0] or 0) >= OLDEST_NODE:
        return Finding("Node", "good", version)
    return Finding("Node", "optional", f"{version} is too old; `make web` takes the one of a PyPI wheel")


def _web_apps() -> Finding:
    if (ROOT / "functions" / "web" / "mission" / "dist" / "index.html").exists():
        return Finding("Web apps", "good", "built")
    return Finding("Web apps", "optional", "not built; `make run` builds them")


def _database(data_dir: Path) -> Finding:
    if url := os.environ.get("DATABASE_URL"):
        return _own_database(url)
    try:
        version = _said([str(postgres.binaries() / "postgres"), "--version"])
    except PostgresFailed as error:
        return Finding("Postgres", "bad", str(error), "Run `make install`, or set DATABASE_URL.")
    running = postgres.running_port(data_dir.resolve() / "postgres")
    where = f"runs on port {running}" if running else "starts with `make run`"
    return Finding("Postgres", "good", f"{version.rpartition(' ')[2]} from a wheel; {where}")


def _own_database(url: str) -> Finding:
    try:
        connection = Connection(url)
    except (InterfaceError, DatabaseError, OSError) as error:
        return Finding("Postgres", "bad", f"DATABASE_URL does not answer: {error}", "Start it, or unset DATABASE_URL.")
    version = str(connection.fetch("SHOW server_version")[0]["server_version"])
    close(connection)
    if int(version.partition(".")[0]) >= OLDEST_POSTGRES:
        return Finding("Postgres", "good", f"{version} at DATABASE_URL")
    return Finding("Postgres", "bad", version, f"Upgrade it to {OLDEST_POSTGRES} or newer, or unset DATABASE_URL.")


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return Finding(f"Port {port}", "bad", "in use", f"Stop what uses it, or `make run ARGS='--port {port + 1}'`.")
    return Finding(f"Port {port}", "good", "free")


def _folder(data_dir: Path) -> Finding:
    existing = next(folder for folder in (data_dir, *data_dir.resolve().parents) if folder.exists())
    free_gb = shutil.disk_usage(existing).free / 1e9
    if not os.access(existing, os.W_OK):
        return Finding("Data folder", "bad", f"{data_dir} cannot be written", "Choose another with --data-dir.")
    if free_gb < DISK_NEEDED_GB:
        return Finding(
            "Data folder", "bad", f"{free_gb:.1f} GB free", f"Free {DISK_NEEDED_GB:.0f} GB, or use --data-dir."
        )
    return Finding("Data folder", "good", f"{data_dir}, {free_gb:.0f} GB free")


def _browser() -> Finding:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    if found:
        return Finding("Browser", "good", _said([found, "--version", "--no-sandbox"]))
    return Finding("Browser", "optional", "none; `make test` skips the browser tests")


def _emulators() -> Finding:
    gcloud = shutil.which("gcloud")
    sdk = Path(gcloud).resolve().parents[1] / "platform" if gcloud else None
    found = [name for name in ("pubsub-emulator", "cloud-firestore-emulator") if sdk and (sdk / name).is_dir()]
    if found and shutil.which("java"):
        return Finding("Google emulators", "good", ", ".join(found))
    return Finding("Google emulators", "optional", "none, or no Java; the embedded platform needs none")


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
