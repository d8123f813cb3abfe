"""The Firestore listener on a stream that goes wrong: a relay before the emulator spoils one answer, in its own bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.cloud.firestore_v1.services.firestore import FirestoreAsyncClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcAsyncIOTransport

from shared.live.firestore_feed import FirestoreFeed
from shared.live.google import FirestoreLiveStore
from shared.live.protocol import Change, NewChange
from shared.live.turns import Turns

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LISTEN = "/google.firestore.v1.Firestore/Listen"
SPOILT = 12
"""Which answer of the first stream: the sixth change or so, in the middle of what is told."""

SILENCE_S = 2.0
PATIENCE_S = 30.0


async def mixed(answer: bytes) -> bytes:
    """As the emulator does when two of its threads answer at once: the bytes of one in the length of another."""
    return answer[:-5]


async def lost(answer: bytes) -> bytes:
    """A connection that is dead and does not say so."""
    await asyncio.Event().wait()
    return answer


async def refused(answer: bytes) -> bytes:
    raise ConnectionResetError("the service went away")


@dataclass
class Relay(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Passes every call on to the emulator, byte for byte, but for one answer of the first Listen stream."""

    emulator: grpc.aio.Channel
    spoil: Callable[[bytes], Any]
    streams: int = 0

    def service(self, details: Any) -> Any:
        async def answers(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            self.streams += details.method == LISTEN
            spoilt = SPOILT if details.method == LISTEN and self.streams == 1 else None
            number = 0
            metadata = [(name, value) for name, value in context.invocation_metadata() if name.startswith("google-")]
            async for answer in self.emulator.stream_stream(details.method)(requests, metadata=metadata):
                number += 1
                yield await self.spoil(answer) if number == spoilt else answer

        return grpc.stream_stream_rpc_method_handler(answers)


@asynccontextmanager
async def listening(
    emulator: str, project: str, spoil: Callable[[bytes], Any]
) -> AsyncIterator[tuple[FirestoreFeed, Relay]]:
    """A feed whose way to the emulator leads through a relay."""
    relay = Relay(grpc.aio.insecure_channel(emulator), spoil)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([relay])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
    client = FirestoreAsyncClient(transport=FirestoreGrpcAsyncIOTransport(channel=channel))
    feed = FirestoreFeed(client, f"projects/{project}/databases/(default)", SILENCE_S, Turns(taken=False).to_ask())
    try:
        yield feed, relay
    finally:
        feed.close()
        await channel.close()
        await server.stop(None)
        await relay.emulator.close()


@pytest.mark.parametrize("spoil", [mixed, lost, refused])
def test_whatever_ends_the_stream_nothing_is_lost_repeated_or_told_in_another_order(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], Any]
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    store = FirestoreLiveStore(project)

    async def scene() -> tuple[list[Change], int]:
        async with listening(firestore_emulator, project, spoil) as (feed, relay):
            changes = await feed.watch("order:1", None)
            for number in range(20):
                await asyncio.to_thread(store.write, [], [NewChange("order:1", "moved", {"n": number}, NOON)])
            told = [await asyncio.wait_for(anext(changes), PATIENCE_S) for _ in range(20)]
            return told, relay.streams

    told, streams = asyncio.run(scene())
    store.close()
    assert [one.data["n"] for one in told] == list(range(20))
    assert [one.id for one in told] == sorted({one.id for one in told})
    assert streams == 2, "the stream was spoilt and begun again once"


def test_many_write_while_watchers_come_and_go_and_everything_is_heard_once(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator mixes the bytes of answers that meet; without taking turns its stream is spoilt within seconds here."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    store = FirestoreLiveStore(project)
    topics, each = 20, 15

    async def come_and_go() -> None:
        while True:
            passing = asyncio.create_task(anext(await store.watch("order:passing", None)))
            await asyncio.sleep(0.02)
            passing.cancel()

    async def scene() -> dict[str, list[int]]:
        watched = {f"driver:{number}": await store.watch(f"driver:{number}", None) for number in range(topics)}
        passers_by = asyncio.create_task(come_and_go())
        writers = [asyncio.to_thread(write_all, store, topic, each) for topic in watched]
        await asyncio.gather(*writers)
        told = {
            topic: [await asyncio.wait_for(anext(one), PATIENCE_S) for _ in range(each)]
            for topic, one in watched.items()
        }
        passers_by.cancel()
        return {topic: [change.data["n"] for change in changes] for topic, changes in told.items()}

    told = asyncio.run(scene())
    store.close()
    assert told == {f"driver:{number}": list(range(each)) for number in range(topics)}


def write_all(store: FirestoreLiveStore, topic: str, count: int) -> None:
    for number in range(count):
        store.write([], [NewChange(topic, "moved", {"n": number}, NOON)])
