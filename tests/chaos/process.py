"""One function as a process of its own, started as Cloud Run starts it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any


class FunctionProcess:
    """`functions-framework` with one target, waited for when it is first asked. `kill` is SIGKILL to everything it started."""

    def __init__(self, source: str, environment: dict[str, str]) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [str(Path(sys.executable).parent / "functions-framework"), "--source", f"functions/{source}.py",
             "--target", source.rpartition("/")[2], "--host", "127.0.0.1", "--port", str(self.port)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "THREADS": "4", **environment},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._serves = False

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: Any = None
    ) -> Reply | None:
        """None when the process died before it answered."""
        if not self._serves:
            self._wait()
            self._serves = True
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
            response = connection.getresponse()
            text = response.read()
        except (ConnectionError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return Reply(response.status, json.loads(text) if text else None)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError("the function's process ended before it served")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("the function's process did not serve in time")
