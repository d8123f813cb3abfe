"""Calling the functions as the platform does: with a token for it, over kept-alive connections, one per thread."""

import http.client
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 60
SOLVING = ("/internal/dispatch/tick", "/internal/dispatch/batch", "/internal/dispatch/balance_zones")
"""Paths of the functions that declare the process `dispatch`."""


class Caller:
    """`dispatch` is the base URL of the process that runs the loops, `api` of all else; `token` gives what a call carries."""

    def __init__(self, api: str, dispatch: str, token: Callable[[], str]) -> None:
        self._urls = {"api": urlsplit(api).netloc, "dispatch": urlsplit(dispatch).netloc}
        self._token = token
        self._kept = threading.local()

    def post(self, path: str, body: Any, traceparent: str | None = None) -> int:
        """The status of the answer; 503 when nobody answered."""
        process = "dispatch" if path.startswith(SOLVING) else "api"
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        if traceparent:
            headers["traceparent"] = traceparent
        connection = self._connection(process)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            connection.close()
            return 503

    def close(self) -> None:
        """Close the connections of this thread, which is about to end."""
        for connection in self._kept.__dict__.values():
            connection.close()

    def _connection(self, process: str) -> http.client.HTTPConnection:
        kept: dict[str, http.client.HTTPConnection] = self._kept.__dict__
        if process not in kept:
            kept[process] = http.client.HTTPConnection(self._urls[process], timeout=TIMEOUT_S)
        return kept[process]
