"""Requests over kept-alive connections, to a real server on this machine."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest

from infra.market.connections import Connections

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def played(serve: Serve, people: Callable[[Connections], Awaitable[list[httpx.Response]]]) -> list[httpx.Response]:
    """What people get from a server that treats each connection so; they share two."""

    async def until_done(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer)
        writer.close()
        await writer.wait_closed()

    async def play() -> list[httpx.Response]:
        server = await asyncio.start_server(until_done, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        connections = Connections(f"http://{host}:{port}", most=2)
        try:
            return await people(connections)
        finally:
            await connections.close()
            server.close()
            await asyncio.sleep(0.05)

    return asyncio.run(play())


async def several(connections: Connections) -> list[httpx.Response]:
    return list(await asyncio.gather(*(connections.send("GET", f"/{number}", {}) for number in range(6))))


async def one_after_the_other(connections: Connections) -> list[httpx.Response]:
    return [await connections.send("POST", "/", {"Authorization": "Bearer t"}, b"{}") for _ in range(3)]


def test_many_requests_share_few_connections_and_each_gets_its_own_answer() -> None:
    opened: Counter[str] = Counter()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened["connections"] += 1
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            path = request.split()[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))

    answers = played(echo, several)
    assert [answer.text for answer in answers] == [f"/{number}" for number in range(6)]
    assert opened["connections"] == 2


def test_bodies_headers_and_chunks_travel_whole() -> None:
    heard: list[bytes] = []

    async def chunked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            heard.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2))
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")

    answers = played(chunked, one_after_the_other)
    assert [answer.text for answer in answers] == ["abcd"] * 3
    assert b"Authorization: Bearer t\r\n" in heard[0]
    assert heard[0].endswith(b"\r\n\r\n{}")


async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An answer that ends before it is whole."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")


def test_half_an_answer_is_none() -> None:
    with pytest.raises(httpx.TransportError):
        played(cut_off, one_after_the_other)


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2)
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async def patiently(connections: Connections) -> list[httpx.Response]:
        answers = []
        for _ in range(3):
            answers.append(await connections.send("POST", "/", {}, b"{}"))
            await asyncio.sleep(0.05)
        return answers

    assert [answer.status_code for answer in played(once, patiently)] == [204] * 3
