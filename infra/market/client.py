"""A small client of the public API: retries with the same idempotency key, problem documents as exceptions, streams."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from infra.market.timeline import Timeline

Json = dict[str, Any]

RETRY_WAITS_S = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Wall seconds between the attempts of one request."""

REQUEST_LIMIT_S = 30.0
"""Wall seconds for one answer."""

STREAM_SILENCE_S = 45.0
"""Wall seconds after which a silent stream counts as lost; the server sends a comment every 15."""


class Problem(Exception):
    """An answer of 4xx or 5xx: an RFC 9457 document."""

    def __init__(self, status: int, document: Json) -> None:
        self.status = status
        self.code = str(document.get("code", "unknown"))
        self.document = document
        super().__init__(f"{status} {self.code}: {document.get('detail') or document.get('title')}")


class Unreachable(Exception):
    """The server could not be reached within all attempts."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One server-sent event; `connected` is ours and says that the stream was (re)opened."""

    id: str
    name: str
    data: Json


CONNECTED = StreamEvent("", "connected", {})


class Api:
    """Requests over one pool of connections, streams over another."""

    def __init__(self, base_url: str, timeline: Timeline, connections: int = 24) -> None:
        self._timeline = timeline
        self._base_url, self._connections = base_url, connections

    async def __aenter__(self) -> "Api":
        whole = aiohttp.ClientTimeout(total=REQUEST_LIMIT_S)
        endless = aiohttp.ClientTimeout(total=None, sock_read=STREAM_SILENCE_S)
        shared, unlimited = aiohttp.TCPConnector(limit=self._connections), aiohttp.TCPConnector(limit=0)
        self._requests = aiohttp.ClientSession(self._base_url, connector=shared, timeout=whole)
        self._streams = aiohttp.ClientSession(self._base_url, connector=unlimited, timeout=endless)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._requests.close()
        await self._streams.close()

    async def send(
        self, method: str, path: str, body: Json | None = None, *, token: str | None = None, query: Json | None = None
    ) -> Json:
        """The answer's JSON, `{}` when it has none. Raises Problem, or Unreachable after all attempts."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if method != "GET":
            headers["Idempotency-Key"] = secrets.token_hex(12)
        content = None if body is None else json.dumps(body).encode()
        failure: Exception | None = None
        for wait_s in (*RETRY_WAITS_S, None):
            try:
                return await self._attempt(method, path, data=content, params=query, headers=headers)
            except (aiohttp.ClientError, TimeoutError, Problem) as error:
                if isinstance(error, Problem) and not worth_repeating(error):
                    raise
                failure = error
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        if isinstance(failure, Problem):
            raise failure
        raise Unreachable(f"{method} {path}: no answer from the server") from failure

    async def _attempt(self, method: str, path: str, **request: Any) -> Json:
        """One attempt; when told to slow down, as many as it takes."""
        while True:
            with self._timeline.lag.timed():
                async with self._requests.request(method, path, **request) as response:
                    body = await response.read()
            if response.status != 429:
                return answer(response.status, response.content_type, body)
            await self._timeline.sleep(float(response.headers["Retry-After"]))

    async def stream(self, path: str, token: str, last_id: str) -> AsyncIterator[StreamEvent]:
        """The events of one connection, until it is lost. Raises Problem when it is refused."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        async with self._streams.get(path, headers=headers) as response:
            if response.status >= 400:
                answer(response.status, response.content_type, await response.read())
            yield CONNECTED
            async for event in parse_events(response.content):
                yield event


def answer(status: int, content_type: str, body: bytes) -> Json:
    """The JSON of an answer. Raises Problem for 4xx and 5xx."""
    if status < 400:
        return dict(json.loads(body)) if body else {}
    if "json" in content_type:
        raise Problem(status, json.loads(body))
    raise Problem(status, {"code": "not_a_problem_document", "detail": body[:200].decode(errors="replace")})


def worth_repeating(problem: Problem) -> bool:
    """The same request may do better a moment later."""
    return problem.status >= 500 or problem.code == "still_running"


async def parse_events(lines: AsyncIterable[bytes]) -> AsyncIterator[StreamEvent]:
    """Server-sent events after the HTML standard, section 9.2: fields up to a blank line; comments begin with a colon."""
    identity, name, data = "", "message", ""
    async for ended in lines:
        line = ended.decode().rstrip("\r\n")
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "id":
            identity = value
        elif field == "event":
            name = value
        elif field == "data":
            data += value
        elif not line and data:
            yield StreamEvent(identity, name, json.loads(data))
            name, data = "message", ""
