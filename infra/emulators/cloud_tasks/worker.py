"""One attempt: the HTTP request to a task's target.

Headers: https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler.
"""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from google.cloud.tasks_v2.types import HttpMethod, Task
from google.rpc import code_pb2, status_pb2

from infra.emulators.cloud_tasks.tokens import Signer, claims

LONGEST_CONNECT = 10.0
SAFE = "/%:@!$&'()*+,;=~?"
REPLACED = ("host", "content-length", "user-agent")
REPLACED_PREFIXES = ("x-google-", "x-appengine-", "x-cloudtasks-")
CODES = {
    400: code_pb2.INVALID_ARGUMENT,
    401: code_pb2.UNAUTHENTICATED,
    403: code_pb2.PERMISSION_DENIED,
    404: code_pb2.NOT_FOUND,
    409: code_pb2.ABORTED,
    429: code_pb2.RESOURCE_EXHAUSTED,
    500: code_pb2.INTERNAL,
    501: code_pb2.UNIMPLEMENTED,
    503: code_pb2.UNAVAILABLE,
    504: code_pb2.DEADLINE_EXCEEDED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: with a status of HTTP, or with none and the reason."""

    http_status: int | None
    code: int
    message: str

    @property
    def succeeded(self) -> bool:
        """Success is an answer from 200 to 299."""
        return self.http_status is not None and 200 <= self.http_status < 300

    def as_status(self) -> status_pb2.Status:
        """The form in which Attempt.response_status has it."""
        return status_pb2.Status(code=self.code, message=self.message)


def headers_of(task: Task, eta: float, now: float, signer: Signer) -> dict[str, str]:
    """The headers of the next attempt; `dispatch_count` already counts it."""
    request, parts = task.http_request, task.name.split("/")
    result = {name: value for name, value in request.headers.items() if not _is_replaced(name)}
    if "oidc_token" in request:
        token = request.oidc_token
        result = {name: value for name, value in result.items() if name.lower() != "authorization"}
        payload = claims(token.service_account_email, token.audience or request.url, now)
        result["Authorization"] = f"Bearer {signer(payload)}"
    return result | {
        "User-Agent": "Google-Cloud-Tasks",
        "X-CloudTasks-QueueName": parts[5],
        "X-CloudTasks-TaskName": parts[7],
        "X-CloudTasks-TaskRetryCount": str(task.dispatch_count - 1),
        "X-CloudTasks-TaskExecutionCount": str(task.response_count),
        "X-CloudTasks-TaskETA": f"{eta:.6f}",
    }


def _is_replaced(name: str) -> bool:
    return name.lower() in REPLACED or name.lower().startswith(REPLACED_PREFIXES)


class Caller:
    """Sends attempts, and can cut those that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False

    def send(self, task: Task, headers: dict[str, str]) -> Outcome:
        """One request; the deadline counts real seconds, from the connection's start to the answer's last byte."""
        seconds = task.dispatch_deadline.total_seconds()
        try:
            status = self._exchange(task, headers, time.monotonic() + seconds)
        except TimeoutError:
            return Outcome(None, code_pb2.DEADLINE_EXCEEDED, f"no answer within {seconds:g} s")
        except (OSError, http.client.HTTPException, ValueError) as problem:
            return Outcome(None, code_pb2.UNAVAILABLE, f"no answer: {problem}")
        if 200 <= status < 300:
            return Outcome(status, code_pb2.OK, "")
        return Outcome(status, CODES.get(status, code_pb2.UNKNOWN), f"HTTP status code {status}")

    def cut(self) -> None:
        """Break all open connections, and let no other open."""
        with self._lock:
            self._closed = True
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def _exchange(self, task: Task, headers: dict[str, str], until: float) -> int:
        request = task.http_request
        url = urlsplit(request.url)
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=min(LONGEST_CONNECT, _left(until)))
        target = quote(url.path or "/", safe=SAFE) + (f"?{quote(url.query, safe=SAFE)}" if url.query else "")
        try:
            connection.connect()
            with self._registered(connection.sock):
                connection.sock.settimeout(_left(until))
                connection.request(HttpMethod(request.http_method).name, target, request.body or None, headers)
                return _answer(connection, until)
        finally:
            connection.close()

    @contextmanager
    def _registered(self, sock: socket.socket) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise ConnectionAbortedError("the emulator stops")
            self._open.add(sock)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(sock)


def _answer(connection: http.client.HTTPConnection, until: float) -> int:
    # http.client lets go of the socket when the answer is to be its last, so it is kept for the deadline.
    sock = connection.sock
    sock.settimeout(_left(until))
    with connection.getresponse() as response:
        while not response.isclosed():
            sock.settimeout(_left(until))
            if not response.read1(65_536):
                break
        return response.status


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
