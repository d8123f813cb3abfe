"""The emulator as a whole: a file, a dispatcher and a gRPC server on this machine's loopback address."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from infra.emulators.cloud_tasks.dispatcher import Dispatcher
from infra.emulators.cloud_tasks.queues import Queues
from infra.emulators.cloud_tasks.service import handler
from infra.emulators.cloud_tasks.settings import Clock, Settings
from infra.emulators.cloud_tasks.storage import Storage
from infra.emulators.cloud_tasks.tasks import Tasks

HOST = "127.0.0.1"
CALL_THREADS = 16
STANDARD = Settings()
# Without this two servers could share a port: https://grpc.github.io/grpc/core/group__grpc__arg__keys.html.
OPTIONS = (("grpc.so_reuseport", 0),)


class Running:
    """An emulator that runs until `stop`."""

    def __init__(self, storage: Storage, port: int, clock: Clock, settings: Settings) -> None:
        self._storage = storage
        self._dispatcher = Dispatcher(storage, clock, settings)
        self._calls = ThreadPoolExecutor(CALL_THREADS, thread_name_prefix="cloud-tasks-call")
        self._server = grpc.server(self._calls, options=OPTIONS)
        parts = (storage, self._dispatcher, clock, settings)
        self._server.add_generic_rpc_handlers((handler(Queues(*parts), Tasks(*parts)),))
        self.port = self._server.add_insecure_port(f"{HOST}:{port}")
        self._dispatcher.start()
        self._server.start()

    def nudge(self) -> None:
        """Look for due tasks soon; for a test that has moved its clock."""
        self._dispatcher.nudge()

    def settle(self, timeout: float = 10.0) -> None:
        """Return when nothing that may be sent now is left and no attempt is open; for a test in place of a sleep."""
        self._dispatcher.settle(timeout)

    def stop(self, grace: float = 1.0) -> None:
        """Refuse calls, let open attempts end for some real seconds, cut the rest, and close the file."""
        self._server.stop(grace).wait()
        self._calls.shutdown(wait=True)
        self._dispatcher.stop(grace)
        self._storage.close()


def start(port: int, file: Path, clock: Clock = time.time, settings: Settings = STANDARD) -> Running:
    """Serve on a port of the loopback address, 0 for a free one, with what the file holds; the file is made if missing.

    Raises sqlite3.OperationalError when another emulator has the file, and RuntimeError when the port is taken.
    """
    storage = Storage(file)
    try:
        return Running(storage, port, clock, settings)
    except BaseException:
        storage.close()
        raise
