"""What a function's file loads before its first request, and what its first use of the platform adds.

Each file is loaded in a process of its own, forked from one that has loaded what all of them share.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.manifest import load_declarations
from shared.http.declaration import Declaration

ROOT = Path(__file__).resolve().parents[3]
CLIENTS = {"google.pubsub_v1", "google.cloud.tasks_v2", "google.cloud.firestore", "google.cloud.storage"}
HEAVY = (
    *sorted(CLIENTS),
    "google.api_core",
    "grpc",
    "numba",
    "vroom",
    "scipy",
    "scipy.spatial",
    "ortools",
    "stripe",
    "onfido",
    "sqlalchemy",
    "opentelemetry",
)
SOLVING = ("scipy", "scipy.spatial")

LOAD_EACH = """
import importlib, json, os, sys
import flask, pydantic
import shared.http.endpoint
for name in json.load(sys.stdin):
    read, write = os.pipe()
    if os.fork() == 0:
        importlib.import_module(name)
        os.write(write, json.dumps([m for m in sys.argv[1:] if m in sys.modules]).encode())
        os._exit(0)
    os.close(write)
    os.wait()
    print(json.dumps([name, json.loads(os.read(read, 65536))]))
    os.close(read)
"""

FIRST_USE = """
import json, sys
from shared.wiring import {wiring}
getattr({wiring}, {factory!r})()
print(json.dumps([m for m in sys.argv[1:] if m in sys.modules]))
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """The heavy modules that each function's file loads, by the file's module."""
    names = [declaration.handler.__module__ for declaration in load_declarations()]
    command = [sys.executable, "-W", "ignore", "-c", LOAD_EACH, *HEAVY]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(names), text=True, capture_output=True, check=True)
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("declaration", load_declarations(), ids=lambda declaration: declaration.name)
def test_a_function_loads_no_vendor_no_google_client_and_no_solver_that_it_does_not_run(
    loaded: dict[str, list[str]], declaration: Declaration
) -> None:
    allowed = SOLVING if declaration.process == "dispatch" else ()
    assert set(loaded[declaration.handler.__module__]) <= set(allowed)


def test_solving_a_stored_tick_again_loads_no_trees_that_found_its_candidates(loaded: dict[str, list[str]]) -> None:
    assert loaded["functions.dispatch.get_tick"] == []


@pytest.mark.parametrize(
    ("wiring", "factory", "loads"),
    [
        ("messaging", "broker", set()),
        ("messaging", "_publisher", {"google.pubsub_v1"}),
        ("messaging", "_tasks", {"google.cloud.tasks_v2"}),
        ("live", "live_store", {"google.cloud.firestore"}),
        ("evidence", "archive", {"google.cloud.storage"}),
    ],
)
def test_on_google_cloud_a_client_is_loaded_by_what_needs_it(wiring: str, factory: str, loads: set[str]) -> None:
    """A function that makes tasks alone loads no client of Pub/Sub, and one that publishes none of Cloud Tasks."""
    environment = {
        "PLATFORM": "google", "GOOGLE_CLOUD_PROJECT": "p", "REGION": "r", "TASKS_CALLER": "c", "TASK_TARGETS": "{}",
        "PUBSUB_EMULATOR_HOST": "127.0.0.1:1", "CLOUD_TASKS_EMULATOR_HOST": "127.0.0.1:1",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1", "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1", "ARCHIVE_BUCKET": "b",
    }  # fmt: skip
    command = [sys.executable, "-c", FIRST_USE.format(wiring=wiring, factory=factory), *HEAVY]
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=True)
    assert CLIENTS & set(json.loads(done.stdout)) == loads
