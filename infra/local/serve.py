"""A process of the local runtime that serves functions: `python -m infra.local.serve api|dispatch PORT [ELSEWHERE]`."""

import gc
import multiprocessing
import os
import signal
import socket
import sys
from pathlib import Path
from typing import cast

import uvicorn

from infra.local.gateway import Gateway
from infra.local.lifeline import die_with_parent
from shared.http.declaration import Process

GRACE_S = 2


def main() -> None:
    die_with_parent()
    process, port, *elsewhere = sys.argv[1:]
    os.environ["AUDIENCE"] = f"http://127.0.0.1:{port}"  # tokens are for the address that is called, as on Cloud Run
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or every answer waits 40 ms for a delayed ACK
    listener.bind((os.environ.get("HOST", "127.0.0.1"), int(port)))
    gateway = Gateway(cast(Process, process), elsewhere[0] if elsewhere else None)
    config = uvicorn.Config(
        gateway,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=4_000,
        backlog=2_048,
    )
    gc.freeze()  # what is loaded stays: a full collection need not look through it, which takes as long as a dozen requests
    # The server raises the signal that stopped it once more when it is done: what was counted has yet to be written.
    signal.signal(signal.SIGTERM, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listener])
    stop_planning()
    if folder := os.environ.get("USAGE_DIR"):
        gateway.meter.write(Path(folder), process)


def stop_planning() -> None:
    """End the processes that plan routes. Their plans are waited for otherwise, until this process is killed and the semaphores
    that it shares with them are left behind."""
    for planning in multiprocessing.active_children():
        planning.terminate()


if __name__ == "__main__":
    main()
