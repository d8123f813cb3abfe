"""The whole product on one machine: Postgres, the functions behind one port, the dispatch process and the platform's worker.

    with Runtime(data_dir) as running:
        print(running.base_url)

Everything lives in `data_dir`; starting again on the same folder finds all of it.
"""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local import platforms, postgres, stand_ins, usage
from infra.local.access import unit_of_work
from infra.local.child import Child
from infra.local.clock import set_clock, set_speed
from infra.local.postgres import PostgresServer, free_port
from infra.local.processes import Announce, Processes, RuntimeFailed, answers
from jobs.seed import email, seed
from shared.dossier.checkpoint import Signer
from shared.kernel.clock import Clock
from shared.kernel.deployment import Platform
from shared.kernel.roles import Role
from shared.storage.connection import Pool
from shared.storage.migrate import migrate
from shared.vault.embedded import KeyFile, ensure_key_file
from shared.wiring.clock import PacedClock

DATABASE = "cloudrun"
ENVIRONMENT = "environment.json"
"""In the folder of a market that runs: what a process needs to belong to it."""

LOG_NAME = "localhost/cloudrun"
"""The transparency log's name in its checkpoints; `cloudrun log public-key` prints its public key."""


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
    platform: Platform = Platform.EMBEDDED
    payments: str = "fake"
    verifier: str = "fake"
    _server: PostgresServer | None = None
    _processes: Processes | None = None

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

    def kill(self, process: str) -> None:
        """End one of its processes, named as its log is; it is started again. Raises LookupError."""
        if not self._processes:
            raise LookupError("the market does not run")
        self._processes.kill(process)

    def stop(self) -> None:
        """Stop everything; what was committed stays."""
        if self._processes:
            self._processes.stop()
            (self.data_dir / ENVIRONMENT).unlink(missing_ok=True)
            self.set_speed(0.0)
            self._processes = None
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
            "VAULT_KEY_FILE": str(ensure_key_file(self.data_dir / "vault.key")),
            "DEMO_SIGN_IN": f"{self.admin_email} {self.admin_password}",
            "USAGE_DIR": str(self.data_dir / "usage"),
            "HOST": self.host,
            "POOL_SIZE": os.environ.get("POOL_SIZE", "8"),
            "PAYMENTS": self.payments,
            "AGE_VERIFIER": self.verifier,
        }
        migrate(url, now=self._clock.now())
        self._seed()
        self._draw_streets()
        self._start_processes()

    def _load_secrets(self) -> dict[str, Any]:
        file = self.data_dir / "secrets.json"
        if not file.exists():
            made = {
                "internal_token": secrets.token_urlsafe(32),
                "admin_password": secrets.token_urlsafe(12),
                "support_password": secrets.token_urlsafe(12),
                "log_key": Signer.generate(LOG_NAME).secret(),
            }
            _write_private(file, made)
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

    def _start_processes(self) -> None:
        self.port = self.port or free_port()
        _check_free(self.port)
        dispatch_port = free_port()
        dispatch_url = f"http://127.0.0.1:{dispatch_port}"
        around = platforms.choose(self.platform, self.data_dir, self.base_url, dispatch_url)
        self._environment |= around.environment
        serve = [sys.executable, "-m", "infra.local.serve"]
        functions = [
            *(Child(f"api-{n + 1}", [*serve, "api", str(self.port), dispatch_url]) for n in range(self.api_processes)),
            *(
                Child(f"dispatch-{n + 1}", [*serve, "dispatch", str(dispatch_port), self.base_url])
                for n in range(self.dispatch_processes)
            ),
            *self._stand_ins(),
        ]
        self._processes = Processes(self.data_dir, self.announce)
        if around.services:
            self.announce("Starting the emulators …")
            self._processes.start(around.services, self._environment, around.ports)
        self.announce("Starting the functions …")
        self._processes.start([*functions, around.worker], self._environment, [self.port, dispatch_port])
        _write_private(self.data_dir / ENVIRONMENT, self._environment)

    def _stand_ins(self) -> list[Child]:
        """The vendors that the market asks, on this machine."""
        chosen = {self.payments, self.verifier} & stand_ins.ALL.keys()
        found = {name: stand_ins.ALL[name](self.base_url, self.data_dir) for name in sorted(chosen)}
        for stand_in in found.values():
            self._environment |= stand_in.environment
        return [Child(name, stand_in.command) for name, stand_in in found.items()]


def _write_private(file: Path, content: dict[str, str]) -> None:
    file.touch(0o600)
    file.write_text(json.dumps(content, indent=2))


def _check_free(port: int) -> None:
    if answers(port):
        raise RuntimeFailed(f"Port {port} is in use. Stop what uses it, or choose another: `cloudrun up --port 8081`.")
