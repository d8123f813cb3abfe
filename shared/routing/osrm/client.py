"""One OSRM server: connections that are kept, time-outs, a breaker, and its answers as JSON."""

from __future__ import annotations

import http.client
import json
from collections import deque
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from shared.routing.osrm.breaker import Breaker
from shared.routing.protocol import RouterUnavailable


class Refused(Exception):
    """OSRM understood and has no answer: `code` such as NoSegment, NoRoute, TooBig, InvalidQuery."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class Client:
    """`url`: like http://localhost:5000. `timeout_s` bounds connecting, and each wait for bytes."""

    def __init__(self, url: str, timeout_s: float, breaker: Breaker) -> None:
        """Raises ValueError for what is no http or https address."""
        self._idle: deque[http.client.HTTPConnection] = deque()
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of an OSRM server, like http://localhost:5000")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._prefix, self._timeout_s = parts.path.rstrip("/"), timeout_s
        self._breaker = breaker

    def ask(self, path: str) -> dict[str, Any]:
        """The answer with code Ok. Raises Refused, and RouterUnavailable when no sensible answer came."""
        if not self._breaker.allows():
            raise RouterUnavailable("OSRM failed several times; it is not asked for a while")
        try:
            status, body = self._get(self._prefix + path)
            answer = json.loads(body)
            code = answer["code"]
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            self._breaker.failed()
            raise RouterUnavailable(f"OSRM did not answer: {error or type(error).__name__}") from error
        if status >= 500:
            self._breaker.failed()
            raise RouterUnavailable(f"OSRM answered {status}: {code}")
        self._breaker.succeeded()
        if code != "Ok":
            raise Refused(str(code), str(answer.get("message", "")))
        found: dict[str, Any] = answer
        return found

    def close(self) -> None:
        """Close the connections that are kept."""
        while (connection := self._take()) is not None:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _get(self, path: str) -> tuple[int, bytes]:
        """Status and body. A kept connection that the server has closed meanwhile is opened once more."""
        kept = self._take()
        if kept is not None:
            with suppress(http.client.RemoteDisconnected, ConnectionError):
                return self._exchange(kept, path)
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return self._exchange(kind(self._host, self._port, timeout=self._timeout_s), path)

    def _exchange(self, connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
        """Ask, and keep the connection if all went well."""
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            response = connection.getresponse()
            answer = response.status, response.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _take(self) -> http.client.HTTPConnection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None
