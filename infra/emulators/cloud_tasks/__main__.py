"""`python -m infra.emulators.cloud_tasks --port 8123 --file tasks.sqlite`: the emulator until Ctrl-C or SIGTERM."""

import argparse
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from infra.emulators.cloud_tasks.server import HOST, STANDARD, start
from infra.emulators.cloud_tasks.settings import Settings


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m infra.emulators.cloud_tasks", description="Emulate Cloud Tasks.")
    parser.add_argument("--port", type=int, default=8123, help="port of the gRPC API; 0 takes a free one")
    parser.add_argument("--file", type=Path, required=True, help="SQLite file with all queues and tasks")
    parser.add_argument(
        "--task-name-seconds",
        type=float,
        default=STANDARD.task_name_seconds,
        help="how long the name of a completed or deleted task stays taken",
    )
    parser.add_argument(
        "--queue-name-seconds",
        type=float,
        default=STANDARD.queue_name_seconds,
        help="how long the name of a deleted queue stays taken",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run until a signal; the exit code."""
    given = options(arguments)
    settings = Settings(task_name_seconds=given.task_name_seconds, queue_name_seconds=given.queue_name_seconds)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        running = start(given.port, given.file, settings=settings)
    except (sqlite3.Error, RuntimeError) as problem:
        print(f"Cloud Tasks emulator cannot start with {given.file} on port {given.port}: {problem}", file=sys.stderr)
        return 1
    print(f"Cloud Tasks emulator on {HOST}:{running.port}, file {given.file}", flush=True)
    ended.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
