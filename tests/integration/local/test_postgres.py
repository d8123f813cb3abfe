"""The embedded Postgres, where the machine is unkind to it."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pg8000.native
import pytest

from infra.local import postgres
from tests.fixtures.market import until

PR_SET_CHILD_SUBREAPER = 36


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to a process of our choice")
def test_a_killed_server_that_nobody_reaps_does_not_keep_its_folder() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "tests.integration.local.test_postgres"], capture_output=True, text=True, check=False
    )
    assert (finished.returncode, finished.stdout) == (0, "kept and found again\n"), finished.stderr


def kill_and_start_again() -> None:
    """As the first process of a container that never reaps: what is orphaned here stays a zombie."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "postgres"
        server = postgres.start(data_dir)
        server.ensure_database("kept")
        pid, _ = postgres.postmaster(data_dir)
        os.kill(pid, signal.SIGKILL)
        until(lambda: state(pid) == "Z", "the server is dead, and nobody has reaped it")
        server = postgres.start(data_dir)
        with pg8000.native.Connection("postgres", host="127.0.0.1", port=server.port) as connection:
            found = connection.run("SELECT count(*) FROM pg_database WHERE datname = 'kept'")
        server.stop()
    print("kept and found again" if found == [[1]] else f"lost: {found}")


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


if __name__ == "__main__":
    kill_and_start_again()
