"""Kept-alive HTTP/1.1 connections to one server (RFC 9112), made for thousands of short requests.

httpx's own pool looks at each of its connections for every request, and tries an import that is not there. So the people of a
simulated day took more processor time than the functions that answered them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

TIMEOUT_S = 30.0
"""Wall seconds for one answer."""

WITHOUT_CONTENT = (204, 304)


@dataclass(frozen=True, slots=True)
class Connection:
    """Both ends of one socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Connections:
    """At most `most` at a time; a request waits while all are in use. `base_url` has no path."""

    def __init__(self, base_url: str, most: int) -> None:
        server = urlsplit(base_url)
        self._host, self._port, self._name = server.hostname or "127.0.0.1", server.port or 80, server.netloc
        self._permits = asyncio.Semaphore(most)
        self._idle: list[Connection] = []

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> httpx.Response:
        """The answer, whole. Raises httpx.TransportError when there is none."""
        head = {"Host": self._name, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        message = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
        async with self._permits:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    return await self._exchange(message)
            except (OSError, EOFError, TimeoutError) as error:
                raise httpx.TransportError(f"{method} {target}: {error or 'no answer in time'}") from error

    async def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            writer = self._idle.pop().writer
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, message: bytes) -> httpx.Response:
        connection = await self._take()
        whole = False
        try:
            connection.writer.write(message)
            response = await _read(connection.reader)
            whole = response.headers.get("Connection") != "close"
            return response
        finally:
            if whole:
                self._idle.append(connection)
            else:
                connection.writer.close()

    async def _take(self) -> Connection:
        """The most recently used that the server has not closed, else a new one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.reader.at_eof():
                return connection
            connection.writer.close()
        return Connection(*await asyncio.open_connection(self._host, self._port))


async def _read(reader: asyncio.StreamReader) -> httpx.Response:
    status_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    status, headers = int(status_line.split(" ", 2)[1]), httpx.Headers(fields)
    if status in WITHOUT_CONTENT:
        return httpx.Response(status, headers=headers)
    if headers.get("Transfer-Encoding") == "chunked":
        content = b"".join([chunk async for chunk in _chunks(reader)])
        del headers["Transfer-Encoding"]
    else:
        content = await reader.readexactly(int(headers["Content-Length"]))
    return httpx.Response(status, headers=headers, content=content)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The parts of a chunked body (RFC 9112, section 7.1)."""
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
