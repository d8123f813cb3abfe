"""`cloudrun verify`: check the evidence file of one order, with no database, no network and no environment."""

import hashlib
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.dossier.bundle import Check, Fault, MalformedBundle, Verdict, read
from shared.dossier.bundle import verify as examine
from shared.dossier.checkpoint import MalformedKey
from shared.dossier.page import render

SUBJECTS: dict[Fault, str] = {
    Fault.FORMAT: "the file's format",
    Fault.CHAIN: "the chain of events",
    Fault.POLICY: "the policy version",
    Fault.SUMMARY: "the summary",
    Fault.KEY: "the checkpoint's key",
    Fault.SIGNATURE: "the checkpoint's signature",
    Fault.SIZE: "the checkpoint's size",
    Fault.INCLUSION: "the proofs of inclusion",
}
MARKS: dict[bool | None, Text] = {
    True: Text("✓", "green"),
    False: Text("✗", "bold red"),
    None: Text("–", "yellow"),
}


def verify(file: Path, keys: list[str], page: Path | None = None) -> int:
    """Print every check and the verdict, and write them with all events to a page if one is asked for.

    Gives 1 when the evidence does not hold or cannot be checked.
    """
    console = Console(highlight=False)
    try:
        content = file.read_bytes()
        verdict = examine(content.decode(), keys)
    except OSError as error:
        return _refuse(console, f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        return _refuse(console, f"{file} is not an evidence file: it is not UTF-8 text.")
    except MalformedKey as error:
        return _refuse(console, f"A --key cannot be used: {error}.")
    _print(console, verdict)
    if page is not None:
        _write(console, page, content, verdict)
    return 0 if verdict.valid else 1


def _write(console: Console, page: Path, content: bytes, verdict: Verdict) -> None:
    try:
        bundle = read(content.decode())
    except MalformedBundle:
        console.print(f"{page} is not written: the file cannot be read.")
        return
    page.write_text(render(bundle, verdict, SUBJECTS, hashlib.sha256(content).hexdigest()))
    console.print(f"{page} shows it to people.")


def _print(console: Console, verdict: Verdict) -> None:
    table = Table.grid(padding=(0, 2))
    for check in verdict.checks:
        table.add_row(*_row(check))
    console.print(table)
    console.print()
    console.print(Text(_shown(verdict.sentence), "green" if verdict.valid else "bold red"))


def _row(check: Check) -> tuple[Text, Text, Text]:
    return MARKS[check.passed], Text(SUBJECTS[check.fault]), Text(_shown(check.found))


def _refuse(console: Console, reason: str) -> int:
    console.print(Text(_shown(reason), "bold red"))
    return 1


def _shown(text: str) -> str:
    """A file that nobody vouches for must not steer the terminal."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
