"""How long a function's process takes to its first answer, beside a bare functions-framework: a table of every function.

A function is asked for its path without a sign-in, so its answer is 401 for most: by then it has loaded what it loads, and
opened its connection to the database where it counts callers. `get_order` is asked for a real order besides.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from infra.local.child import ROOT
from infra.local.postgres import free_port
from infra.manifest import load_declarations
from shared.http.declaration import Declaration

STARTS = 3
CAREFUL_STARTS = 10
START_LIMIT_S = 120.0
BARS = {"api": 2.5, "stream": 2.5, "dispatch": 4.0}
"""The most that a function may take, as a multiple of the bare one, by the process it runs in."""

HELLO = "def hello(request):\n    return 'hello'\n"


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"


def main(order: Request) -> None:
    """Print the table; `order` is how an order that exists is read."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as hello:
        hello.write(HELLO)
        hello.flush()
        read = ratio(hello.name, "functions/orders/get_order.py", "get_order", "http", order, CAREFUL_STARTS)
        print(f"cold start of get_order, an order read: {read:.2f} × hello world (bar {BARS['api']})")
        declarations = load_declarations()
        ratios = {one.name: of_function(hello.name, one) for one in track(declarations, "Starting each function …")}
    table = Table("function", "process", "× hello world", "bar", title="Cold start", title_justify="left", box=None)
    for declaration in sorted(declarations, key=lambda one: -ratios[one.name]):
        bar, measured = BARS[declaration.process], ratios[declaration.name]
        style = "bold red" if measured > bar else ""
        table.add_row(declaration.name, declaration.process, f"{measured:.2f}", f"{bar:g}", style=style)
    Console().print(table)


def of_function(hello: str, declaration: Declaration) -> float:
    source = declaration.handler.__module__.replace(".", "/") + ".py"
    path = declaration.path.replace("{", "").replace("}", "").replace(":path", "")
    flavour = "asgi" if declaration.process == "stream" else "http"
    return ratio(hello, source, declaration.name, flavour, Request(path, method=declaration.method), STARTS)


def ratio(hello: str, source: str, target: str, flavour: str, request: Request, starts: int) -> float:
    """The median of pairs, measured in turns, so that the machine's noise meets both alike."""
    pairs = [
        (first_answer_s(hello, "hello", "http", Request("/")), first_answer_s(source, target, flavour, request))
        for _ in range(starts)
    ]
    return median(ours for _, ours in pairs) / median(bare for bare, _ in pairs)


def first_answer_s(source: str, target: str, flavour: str, request: Request) -> float:
    """Seconds from starting a function's process to its first answer."""
    port = free_port()
    body = b"{}" if request.method in ("POST", "PUT", "PATCH") else None
    began = time.perf_counter()
    with process(source, target, flavour, port):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}{request.path}", body, request.headers, method=request.method
        )
        while time.perf_counter() - began < START_LIMIT_S:
            try:
                with urllib.request.urlopen(asked, timeout=START_LIMIT_S) as answer:
                    answer.read()
                    return time.perf_counter() - began
            except urllib.error.HTTPError as refusal:
                with refusal:
                    if refusal.code >= 500:
                        raise
                    return time.perf_counter() - began
            except urllib.error.URLError:
                time.sleep(0.002)
    raise RuntimeError(f"{target} did not answer within {START_LIMIT_S:.0f} s")


@contextmanager
def process(source: str, target: str, flavour: str, port: int) -> Iterator[None]:
    """`functions-framework` with one target, as Cloud Run starts it."""
    program = Path(sys.executable).parent / "functions-framework"
    command = [str(program), "--source", source, "--target", target, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--asgi"] if flavour == "asgi" else []
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(ROOT), "THREADS": "4"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet)
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
