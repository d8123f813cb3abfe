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
    """`dispatch` is the base URL of the processes that run the loops, `api` of all else; `token` gives what a call to one of
    them carries."""

    def __init__(self, api: str, dispatch: str, token: Callable[[str], str]) -> None:
        self._api, self._dispatch = api, dispatch
        self._token = token
        self._kept = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def post(self, path: str, body: Any, traceparent: str | None = None) -> int:
        """The status of the answer; 503 when nobody answered."""
        url = serving(path, self._api, self._dispatch)
        headers = {"Authorization": f"Bearer {self._token(url)}", "Content-Type": "application/json"}
        if traceparent:
            headers["traceparent"] = traceparent
        connection = self._connection(url)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            connection.close()
            return 503

    def close(self) -> None:
        """Close every connection; the threads that called have ended."""
        for connection in self._opened:
            connection.close()

    def _connection(self, url: str) -> http.client.HTTPConnection:
        kept: dict[str, http.client.HTTPConnection] = self._kept.__dict__
        if url not in kept:
            kept[url] = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)
            self._opened.append(kept[url])
        return kept[url]


def serving(path: str, api: str, dispatch: str) -> str:
    """Which of the two base URLs has the process that serves a path."""
    return dispatch if path.startswith(SOLVING) else api
