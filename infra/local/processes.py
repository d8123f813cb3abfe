"""The processes of a local market: started together, started again when one dies, ended together."""

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from infra.local.child import Child

READY_LIMIT_S = 60.0
STOP_LIMIT_S = 3.0
RESTART_BACKOFF_S = (0.2, 1.0, 3.0)

Announce = Callable[[str], None]


class RuntimeFailed(RuntimeError):
    """The market could not be started; the message says why and what to do."""


class Processes:
    """Each child writes `NAME.log` in `folder`."""

    def __init__(self, folder: Path, announce: Announce) -> None:
        self._folder = folder
        self._announce = announce
        self._environment: dict[str, str] = {}
        self._children: list[Child] = []
        self._stopping = threading.Event()

    def __bool__(self) -> bool:
        return bool(self._children)

    def start(self, children: list[Child], environment: Mapping[str, str], ports: list[int]) -> None:
        """Start more of them, and wait until somebody listens on these ports. Raises RuntimeFailed."""
        if not self._children:
            threading.Thread(target=self._supervise, name="supervisor", daemon=True).start()
        self._environment |= environment
        for child in children:
            child.spawn(self._environment, self._folder)
        self._children += children
        for port in ports:
            self._wait_for(port, children)

    def kill(self, name: str) -> None:
        """End one of them with SIGKILL; it is started again like one that died. Raises LookupError."""
        for child in self._children:
            if child.name == name and child.process is not None:
                child.process.kill()
                return
        raise LookupError(f"there is no process {name}")

    def stop(self) -> None:
        self._stopping.set()
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT_S
        for process in running:
            try:
                process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._children.clear()

    def _wait_for(self, port: int, children: list[Child]) -> None:
        deadline = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < deadline:
            ended = next((c for c in children if c.process is not None and c.process.poll() is not None), None)
            if ended is not None:
                raise RuntimeFailed(
                    f"The process `{ended.name}` ended at once; {self._folder / ended.name}.log says why."
                )
            if answers(port):
                return
            time.sleep(0.02)
        raise RuntimeFailed(
            f"Nothing answered on port {port} within {READY_LIMIT_S:.0f} s; see the logs in {self._folder}."
        )

    def _supervise(self) -> None:
        """Start again whatever dies, a little later each time, and say so."""
        while not self._stopping.wait(0.2):
            for child in self._children:
                if child.process is None or child.process.poll() is None or self._stopping.is_set():
                    continue
                pause_s = RESTART_BACKOFF_S[min(child.failures, len(RESTART_BACKOFF_S) - 1)]
                child.failures += 1
                self._announce(f"The process `{child.name}` ended ({child.process.returncode}); starting it again.")
                if not self._stopping.wait(pause_s):
                    child.spawn(self._environment, self._folder)


def answers(port: int) -> bool:
    """Whether somebody listens on a port of the loopback interface."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
