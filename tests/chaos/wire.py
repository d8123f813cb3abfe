"""A wire between a process and Postgres that counts the process's steps and cuts it off at one of them.

A step is one request that executes something: a simple Query, or a Sync whose messages since the last Sync contain an
Execute (PostgreSQL protocol 3.0). Preparing a statement is none.
"""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

SSL_REQUEST = struct.pack("!I", 80877103)

Moment = Literal["before", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "after")


@dataclass
class Wire:
    """Listens on a port of its own. At step number `cut_at` it calls `kill`: before the server sees the step, or after the
    server has done it and before the process hears of it."""

    target_url: str
    cut_at: int | None = None
    moment: Moment = "before"
    kill: Callable[[], None] = lambda: None
    steps: int = 0
    cut: bool = False
    counting: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        parts = urlsplit(self.target_url)
        port = self._listener.getsockname()[1]
        return urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))

    def arm(self, step: int, moment: Moment, kill: Callable[[], None]) -> None:
        self.cut_at, self.moment, self.kill = step, moment, kill
        self.steps, self.cut, self.counting = 0, False, True

    def disarm(self) -> None:
        self.cut_at, self.steps, self.cut, self.counting = None, 0, False, False

    def close(self) -> None:
        """A thread that still waits on a closed listener would take connections of the next one that gets its number."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _accept(self) -> None:
        target = urlsplit(self.target_url)
        while True:
            try:
                process, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection((target.hostname or "127.0.0.1", target.port or 5432))
            threading.Thread(target=self._converse, args=(process, server), daemon=True).start()

    def _converse(self, process: socket.socket, server: socket.socket) -> None:
        """Requests and answers in turn, as pg8000 speaks: one request up to its Sync or Query, one answer up to Ready."""
        try:
            server.sendall(_startup(process))
            process.sendall(_answer(server))
            while request := _request(process):
                is_step = self._count(request)
                if is_step and self._now("before"):
                    return
                server.sendall(request)
                if request[:1] == b"X":
                    return
                answer = _answer(server)
                if is_step and self._now("after"):
                    return
                process.sendall(answer)
        except OSError:
            return
        finally:
            process.close()
            server.close()

    def _count(self, request: bytes) -> bool:
        if not self.counting or not any(kind in (b"Q", b"E") for kind in _kinds(request)):
            return False
        with self._lock:
            self.steps += 1
        return True

    def _now(self, moment: Moment) -> bool:
        if self.cut or self.cut_at != self.steps or self.moment != moment:
            return self.cut
        self.cut = True
        self.kill()
        return True


def _startup(process: socket.socket) -> bytes:
    """The startup message; a wish for TLS before it is declined."""
    while True:
        head = _read(process, 4)
        body = _read(process, struct.unpack("!I", head)[0] - 4)
        if body != SSL_REQUEST:
            return head + body
        process.sendall(b"N")


def _request(process: socket.socket) -> bytes:
    request = b""
    while True:
        message = _message(process)
        request += message
        if not message or message[:1] in (b"Q", b"S", b"X"):
            return request


def _answer(server: socket.socket) -> bytes:
    answer = b""
    while True:
        message = _message(server)
        answer += message
        if not message or message[:1] == b"Z":
            return answer


def _message(peer: socket.socket) -> bytes:
    head = _read(peer, 5)
    return head + _read(peer, struct.unpack("!I", head[1:])[0] - 4) if head else b""


def _read(peer: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = peer.recv(size - len(data))
        if not more:
            return b""
        data += more
    return data


def _kinds(request: bytes) -> list[bytes]:
    kinds, at = [], 0
    while at < len(request):
        kinds.append(request[at : at + 1])
        at += 1 + struct.unpack("!I", request[at + 1 : at + 5])[0]
    return kinds
