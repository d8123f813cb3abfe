"""The whole product on one machine: Postgres, the functions behind one port, the dispatch process and the worker.

    with Runtime(data_dir) as running:
        print(running.base_url)

Everything lives in `data_dir`; starting again on the same folder finds all of it.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local import postgres, stand_ins, usage
from infra.local.access import unit_of_work
from infra.local.child import Child
from infra.local.clock import set_clock, set_speed
from infra.local.postgres import PostgresServer, free_port
from jobs.seed import email, seed
from shared.dossier.checkpoint import Signer
from shared.kernel.clock import Clock
from shared.kernel.roles import Role
from shared.storage.connection import Pool
from shared.storage.migrate import migrate
from shared.vault.embedded import KeyFile, ensure_key_file
from shared.wiring.clock import PacedClock

DATABASE = "cloudrun"
LOG_NAME = "localhost/cloudrun"
"""The transparency log's name in its checkpoints; `cloudrun log public-key` prints its public key."""
READY_LIMIT_S = 60.0
STOP_LIMIT_S = 3.0
RESTART_BACKOFF_S = (0.2, 1.0, 3.0)

Announce = Callable[[str], None]


class RuntimeFailed(RuntimeError):
    """The market could not be started; the message says why and what to do."""


@dataclass
class Runtime:
    """`port` 0 takes a free one. `clock_start` begins a fresh folder's time there, standing still until `set_speed`.

    The kernel spreads requests over the processes of one port, so that regions tick beside each other: a solver holds its
    process's interpreter lock.
    """

    data_dir: Path
    port: int = 0
    clock_start: datetime | None = None
    announce: Announce = lambda line: None
    durable: bool = True
    api_processes: int = 1
    dispatch_processes: int = 2
    host: str = "127.0.0.1"
    verifier: str = "fake"
    _children: list[Child] = field(default_factory=list)
    _server: PostgresServer | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin_email(self) -> str:
        return email(Role.ADMIN)

    @property
    def admin_password(self) -> str:
        return str(self._secrets["admin_password"])

    @property
    def database_url(self) -> str:
        return str(self._environment["DATABASE_URL"])

    @property
    def clock(self) -> Clock:
        return self._clock

    def speed(self) -> float:
        """Simulated seconds per wall second."""
        return self._clock.speed

    def set_speed(self, speed: float) -> None:
        set_speed(self._clock_file, speed)
        self._clock.now()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to belong to this market."""
        return dict(self._environment)

    def used_by_database(self) -> dict[str, Any]:
        """Rows, bytes and CPU seconds of the database since it was made or started."""
        return usage.of_database(self.database_url, self._server)

    def stop(self) -> None:
        """Stop everything; what was committed stays."""
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
        if self._children:
            self.set_speed(0.0)
        self._children.clear()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _start(self) -> None:
        self.data_dir = self.data_dir.resolve()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir.chmod(0o711)
        self._secrets = self._load_secrets()
        self._start_clock()
        self.announce("Starting the database …")
        url = self._database()
        self._environment = {
            "DATABASE_URL": url,
            "INTERNAL_TOKEN": self._secrets["internal_token"],
            "CLOCK_FILE": str(self._clock_file),
            "STREETS_FILE": str(self.data_dir / "streets.geojson.gz"),
            "ROADS_FILE": str(self.data_dir / "roads.npz"),
            "LOG_KEYS": self._secrets["log_key"],
            "ARCHIVE_DIR": str(self.data_dir / "archive"),
            "VAULT_KEY_FILE": str(ensure_key_file(self.data_dir / "vault.key")),
            "DEMO_SIGN_IN": f"{self.admin_email} {self.admin_password}",
            "USAGE_DIR": str(self.data_dir / "usage"),
            "HOST": self.host,
            "POOL_SIZE": os.environ.get("POOL_SIZE", "8"),
            "AGE_VERIFIER": self.verifier,
        }
        migrate(url, now=self._clock.now())
        self._seed()
        self._draw_streets()
        self._start_children()

    def _load_secrets(self) -> dict[str, Any]:
        file = self.data_dir / "secrets.json"
        if not file.exists():
            made = {
                "internal_token": secrets.token_urlsafe(32),
                "admin_password": secrets.token_urlsafe(12),
                "support_password": secrets.token_urlsafe(12),
                "log_key": Signer.generate(LOG_NAME).secret(),
            }
            file.touch(0o600)
            file.write_text(json.dumps(made, indent=2))
        return dict(json.loads(file.read_text()))

    def _start_clock(self) -> None:
        self._clock_file = self.data_dir / "clock.json"
        if self.clock_start is not None and not self._clock_file.exists():
            set_clock(self._clock_file, self.clock_start, 0.0)
        elif self.clock_start is None:
            set_clock(self._clock_file, max(datetime.now(UTC), self._time_left_off()), 1.0)
        self._clock = PacedClock(self._clock_file)
        self._clock.now()

    def _time_left_off(self) -> datetime:
        """Where the clock of an earlier, perhaps faster, run had come to: time never goes back on what is stored."""
        return PacedClock(self._clock_file).now() if self._clock_file.exists() else datetime.min.replace(tzinfo=UTC)

    def _database(self) -> str:
        if url := os.environ.get("DATABASE_URL"):
            return url
        settings = {} if self.durable else postgres.FAST
        self._server = postgres.start(self.data_dir / "postgres", settings=settings)
        self._server.ensure_database(DATABASE)
        return self._server.database_url(DATABASE)

    def _seed(self) -> None:
        pool = Pool(self.database_url, 1)
        passwords = {Role.ADMIN: self.admin_password, Role.SUPPORT: str(self._secrets["support_password"])}
        seed(lambda: unit_of_work(pool, self._clock), passwords, KeyFile(Path(self._environment["VAULT_KEY_FILE"])))
        pool.close()

    def _draw_streets(self) -> None:
        file = self.data_dir / "streets.geojson.gz"
        if not file.exists():
            from shared.routing.streets import generate, write_streets  # numpy and scipy, for the first start alone

            self.announce("Drawing the streets …")
            write_streets(generate(), file)

    def _start_children(self) -> None:
        self.port = self.port or free_port()
        _check_free(self.port)
        dispatch_port = free_port()
        dispatch_url = f"http://127.0.0.1:{dispatch_port}"
        serve = [sys.executable, "-m", "infra.local.serve"]
        self._children = [
            *(Child(f"api-{n + 1}", [*serve, "api", str(self.port), dispatch_url]) for n in range(self.api_processes)),
            *(
                Child(f"dispatch-{n + 1}", [*serve, "dispatch", str(dispatch_port), self.base_url])
                for n in range(self.dispatch_processes)
            ),
            Child("worker", [sys.executable, "-m", "infra.local.worker", self.base_url, dispatch_url]),
            *self._stand_ins(),
        ]
        for child in self._children:
            child.spawn(self._environment, self.data_dir)
        self.announce("Starting the functions …")
        for port in (self.port, dispatch_port):
            self._wait_for(port)
        threading.Thread(target=self._supervise, name="supervisor", daemon=True).start()

    def _stand_ins(self) -> list[Child]:
        if self.verifier != "onfido":
            return []
        onfido = stand_ins.onfido(self.base_url, self.data_dir)
        self._environment |= onfido.environment
        return [Child("onfido", onfido.command)]

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < deadline:
            ended = next((c for c in self._children if c.process is not None and c.process.poll() is not None), None)
            if ended is not None:
                raise RuntimeFailed(
                    f"The process `{ended.name}` ended at once; {self.data_dir / ended.name}.log says why."
                )
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeFailed(
            f"Nothing answered on port {port} within {READY_LIMIT_S:.0f} s; see the logs in {self.data_dir}."
        )

    def _supervise(self) -> None:
        """Start again whatever dies, a little later each time, and say so."""
        while not self._stopping.wait(0.2):
            for child in self._children:
                if child.process is None or child.process.poll() is None or self._stopping.is_set():
                    continue
                pause_s = RESTART_BACKOFF_S[min(child.failures, len(RESTART_BACKOFF_S) - 1)]
                child.failures += 1
                self.announce(f"The process `{child.name}` ended ({child.process.returncode}); starting it again.")
                if not self._stopping.wait(pause_s):
                    child.spawn(self._environment, self.data_dir)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise RuntimeFailed(
                f"Port {port} is in use. Stop what uses it, or choose another: `cloudrun up --port 8081`."
            )
