"""A small client of the public API: retries with the same idempotency key, problem documents as exceptions, streams."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from infra.market.timeline import Timeline

Json = dict[str, Any]

RETRY_WAITS_S = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Wall seconds between the attempts of one request."""

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
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._requests = httpx.AsyncClient(base_url=base_url, limits=limits, timeout=30.0, trust_env=False)
        self._streams = httpx.AsyncClient(
            base_url=base_url, limits=unlimited, timeout=httpx.Timeout(30.0, read=STREAM_SILENCE_S), trust_env=False
        )

    async def __aenter__(self) -> "Api":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._requests.aclose()
        await self._streams.aclose()

    async def send(
        self, method: str, path: str, body: Json | None = None, *, token: str | None = None, query: Json | None = None
    ) -> Json:
        """The answer's JSON, `{}` when it has none. Raises Problem, or Unreachable after all attempts."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if method != "GET":
            headers["Idempotency-Key"] = secrets.token_hex(12)
        request = self._requests.build_request(method, path, json=body, params=query, headers=headers)
        failure: Exception | None = None
        for wait_s in (*RETRY_WAITS_S, None):
            try:
                response = await self._attempt(request)
                return answer(response)
            except (httpx.TransportError, Problem) as error:
                if isinstance(error, Problem) and not worth_repeating(error):
                    raise
                failure = error
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        if isinstance(failure, Problem):
            raise failure
        raise Unreachable(f"{method} {path}: no answer from the server") from failure

    async def _attempt(self, request: httpx.Request) -> httpx.Response:
        """One attempt; when told to slow down, as many as it takes."""
        while True:
            with self._timeline.lag.timed():
                response = await self._requests.send(request)
            if response.status_code != 429:
                return response
            await self._timeline.sleep(float(response.headers["Retry-After"]))

    async def stream(self, path: str, token: str, last_id: str) -> AsyncIterator[StreamEvent]:
        """The events of one connection, until it is lost. Raises Problem when it is refused."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        async with self._streams.stream("GET", path, headers=headers) as response:
            if response.status_code >= 400:
                await response.aread()
                answer(response)
            yield CONNECTED
            async for event in parse_events(response.aiter_lines()):
                yield event


def answer(response: httpx.Response) -> Json:
    """The JSON of a response. Raises Problem for 4xx and 5xx."""
    if response.status_code < 400:
        return dict(response.json()) if response.content else {}
    if "json" in response.headers.get("Content-Type", ""):
        raise Problem(response.status_code, response.json())
    raise Problem(response.status_code, {"code": "not_a_problem_document", "detail": response.text[:200]})


def worth_repeating(problem: Problem) -> bool:
    """The same request may do better a moment later."""
    return problem.status >= 500 or problem.code == "still_running"


async def parse_events(lines: AsyncIterator[str]) -> AsyncIterator[StreamEvent]:
    """Server-sent events after the HTML standard, section 9.2: fields up to a blank line; comments begin with a colon."""
    identity, name, data = "", "message", ""
    async for line in lines:
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
