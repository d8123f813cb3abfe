"""What is said in Firestore, as a process hears it: one Listen stream for all topics that are watched here.

A change's id is made of the time of its commit, so it grows as readers see the commits: Firestore's snapshots hold every
commit up to their own time (firebase.google.com/docs/firestore/transaction-data-contention). The field that queries go by,
`stored_at`, is the time at which the commit's request came, a little earlier; hence `MARGIN`.
"""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakSet

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.cloud.firestore_v1.services.firestore import FirestoreAsyncClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcAsyncIOTransport
from google.cloud.firestore_v1.types import ListenRequest, ListenResponse, StructuredQuery, Target, TargetChange, Value

from shared.live.protocol import Change
from shared.live.turns import Asking, Turns
from shared.live.watching import Watcher, follow

log = logging.getLogger(__name__)

TOPICS, CHANGES = "live_topics", "live_changes"
"""Each topic's changes are a collection of its own, so that a write concerns the listeners of its topic alone."""

STORED_AT = StructuredQuery.FieldReference(field_path="stored_at")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
MOST_IN_ONE = 16
"""Changes in one document, so that ids are numbers that JavaScript holds exactly until 2043."""

MARGIN = timedelta(seconds=10)
RENEW_AFTER = 50
"""Documents a target has shown, after which it is asked anew from the latest on."""

RECONNECT_S = 0.5
SILENCE_S, EMULATED_SILENCE_S = 60.0, 5.0
"""After which a stream that says nothing is begun again: a connection may be dead without a word, and the emulator's more often
is (`AnswerGarbled`)."""


class TargetRefused(RuntimeError):
    """Firestore does not serve a query; its log line says why, such as a missing index."""


class AnswerGarbled(RuntimeError):
    """An answer cannot be read, and what follows it in its stream cannot either: see `turns`."""


@dataclass(eq=False)
class Topic:
    """What is heard of one topic. `seen` are the documents that were handed on, `last` is the newest change's id."""

    name: str
    since: datetime
    target: int
    last: int = 0
    seen: dict[str, datetime] = field(default_factory=dict)
    arrived: list[Any] = field(default_factory=list)
    watchers: WeakSet[Watcher] = field(default_factory=WeakSet)

    def hand_on(self) -> None:
        fresh = {document.name: document for document in self.arrived if document.name not in self.seen}
        self.arrived.clear()
        if fresh:
            self.seen |= {name: _created(document) for name, document in fresh.items()}
            changes = numbered(fresh.values(), self.name, self.last)
            self.last = changes[-1].id
            for watcher in self.watchers:
                watcher.hand(changes)


class FirestoreFeed:
    """Everything happens in the event loop in which it was made."""

    def __init__(self, client: FirestoreAsyncClient, database: str, silence_s: float, asking: Asking) -> None:
        self._client = client
        self._silence_s = silence_s
        self._database = database
        self._asking = asking
        self._topics: dict[str, Topic] = {}
        self._targets: dict[int, Topic] = {}
        self._made = 0
        self._requests: asyncio.Queue[ListenRequest | None] = asyncio.Queue()
        self._listening = asyncio.ensure_future(self._listen())

    def close(self) -> None:
        self._listening.cancel()

    async def watch(self, topic: str, after: int | None) -> AsyncIterator[Change]:
        """Raises GoogleAPICallError when Firestore does not answer."""
        if topic not in self._topics:
            now = await self._server_time()
            if topic not in self._topics:
                self._open(topic, now - MARGIN)
        watcher = Watcher(topic, asyncio.get_running_loop())
        self._topics[topic].watchers.add(watcher)
        watcher.behind = after is not None
        read = after if after is not None else id_at(await self._server_time()) + MOST_IN_ONE - 1
        return follow(watcher, read, self._missed, self._leave)

    def _open(self, name: str, since: datetime) -> None:
        self._made += 1
        topic = self._topics[name] = self._targets[self._made] = Topic(name, since, self._made)
        self._ask(topic)

    def _ask(self, topic: Topic) -> None:
        query = Target.QueryTarget(parent=self._parent(topic.name), structured_query=said(topic.since))
        target = Target(query=query, target_id=topic.target)
        self._asking.asks(topic.target)
        self._requests.put_nowait(ListenRequest(database=self._database, add_target=target))

    def _leave(self, watcher: Watcher) -> None:
        topic = self._topics.get(watcher.topic)
        if topic is not None:
            topic.watchers.discard(watcher)
            if not topic.watchers:
                self._drop(topic)
                del self._topics[topic.name]

    def _drop(self, topic: Topic) -> None:
        del self._targets[topic.target]
        self._asking.asks(topic.target)
        self._requests.put_nowait(ListenRequest(database=self._database, remove_target=topic.target))

    def _renew(self, topic: Topic) -> None:
        """Ask for the latest alone: a query that began long ago is long when it is answered again."""
        self._drop(topic)
        topic.since = max(topic.seen.values()) - MARGIN
        topic.seen = {name: created for name, created in topic.seen.items() if created > topic.since - MARGIN}
        self._made += 1
        topic.target, self._targets[self._made] = self._made, topic
        self._ask(topic)

    async def _listen(self) -> None:
        """For ever: whatever ends a stream, the topics are asked anew from where they began, and what was heard is known."""
        while True:
            try:
                await self._hear_stream()
            except (GoogleAPICallError, TargetRefused, AnswerGarbled) as error:
                log.warning("the live store's listener begins again: %s", error)
            except TimeoutError:
                log.info("the live store's listener begins again: it heard nothing for %.0f s", self._silence_s)
            except Exception:
                log.exception("the live store's listener begins again: a process that hears nothing more tells nobody")
            finally:
                self._ask_no_more()
            await asyncio.sleep(RECONNECT_S)
            self._ask_no_more()
            self._requests = asyncio.Queue()
            for topic in self._topics.values():
                self._ask(topic)

    def _ask_no_more(self) -> None:
        """Nobody answers what was asked until now."""
        self._requests.put_nowait(None)
        self._asking.given_up()

    async def _hear_stream(self) -> None:
        """One stream until it ends. Raises GoogleAPICallError, TargetRefused, AnswerGarbled, TimeoutError."""
        loop = asyncio.get_running_loop()
        metadata = [("google-cloud-resource-prefix", self._database)]
        stream: Any = await self._client.listen(requests=self._sent(), metadata=metadata)
        try:
            async with asyncio.timeout(self._silence_s) as patience:
                async for response in stream:
                    if response is None:  # what gRPC gives for an answer that its deserializer refused
                        raise AnswerGarbled("an answer could not be read")
                    patience.reschedule(loop.time() + self._silence_s)
                    self._hear(ListenResponse.pb(response))
        finally:
            stream.cancel()

    async def _sent(self) -> AsyncIterator[ListenRequest]:
        """What one stream asks, until None: gRPC leaves it waiting when the other side ended the stream."""
        requests = self._requests
        while (request := await requests.get()) is not None:
            yield request

    def _hear(self, response: Any) -> None:
        match response.WhichOneof("response_type"):
            case "document_change":
                for target in response.document_change.target_ids:
                    if target in self._targets:
                        self._targets[target].arrived.append(response.document_change.document)
            case "target_change":
                self._hear_of_targets(response.target_change)

    def _hear_of_targets(self, change: Any) -> None:
        """What has arrived is handed on when Firestore says that it is complete up to a time."""
        kind = TargetChange.TargetChangeType(change.target_change_type)
        if kind == TargetChange.TargetChangeType.REMOVE and change.cause.code:
            raise TargetRefused(change.cause.message)
        if kind in (TargetChange.TargetChangeType.REMOVE, TargetChange.TargetChangeType.CURRENT):
            self._asking.answered(change.target_ids)
        if kind in (TargetChange.TargetChangeType.CURRENT, TargetChange.TargetChangeType.NO_CHANGE):
            named = [self._targets[target] for target in change.target_ids if target in self._targets]
            for topic in named if change.target_ids else list(self._targets.values()):
                topic.hand_on()
                if len(topic.seen) > RENEW_AFTER and max(topic.seen.values()) - topic.since > 3 * MARGIN:
                    self._renew(topic)

    async def _missed(self, topic: str, after: int) -> list[Change]:
        request = {"parent": self._parent(topic), "structured_query": said(time_of(after) - MARGIN)}
        answers = [answer async for answer in await self._client.run_query(request=request)]
        documents = [answer.document._pb for answer in answers if "document" in answer]
        return [change for change in numbered(documents, topic, 0) if change.id > after]

    def _parent(self, topic: str) -> str:
        return f"{self._database}/documents/{TOPICS}/{topic}"

    async def _server_time(self) -> datetime:
        """Firestore's own clock, which this process's need not agree with."""
        nothing = self._parent("none")
        request = {"database": self._database, "documents": [nothing]}
        async for answer in await self._client.batch_get_documents(request=request):
            return datetime.fromtimestamp(answer.read_time.timestamp(), UTC)
        raise TimeoutError("the live store does not answer")


def emulator() -> str | None:
    """`host:port` of the emulator that stands in for the service."""
    return os.environ.get("FIRESTORE_EMULATOR_HOST")


def open_feed(database: str, turns: Turns) -> FirestoreFeed:
    if address := emulator():
        transport = FirestoreGrpcAsyncIOTransport(channel=grpc.aio.insecure_channel(address))
        return FirestoreFeed(FirestoreAsyncClient(transport=transport), database, EMULATED_SILENCE_S, turns.to_ask())
    return FirestoreFeed(FirestoreAsyncClient(), database, SILENCE_S, turns.to_ask())


def said(since: datetime) -> StructuredQuery:
    """What was said from a time on, below a topic's document. Firestore's own index of `stored_at` serves it."""
    from_then = StructuredQuery.FieldFilter(
        field=STORED_AT,
        op=StructuredQuery.FieldFilter.Operator.GREATER_THAN_OR_EQUAL,
        value=Value(timestamp_value=since),
    )
    return StructuredQuery(
        from_=[StructuredQuery.CollectionSelector(collection_id=CHANGES)],
        where=StructuredQuery.Filter(field_filter=from_then),
        order_by=[StructuredQuery.Order(field=STORED_AT)],
    )


def numbered(documents: Iterable[Any], topic: str, last: int) -> list[Change]:
    """The changes in documents, in the order of their commits, with ids greater than `last`."""
    changes = []
    for document in sorted(documents, key=lambda one: (_created(one), one.name)):
        first = id_at(_created(document))
        for number, said in enumerate(json.loads(document.fields["changes"].string_value)):
            last = max(last + 1, first + number)
            changes.append(Change(last, topic, said["event"], said["data"], datetime.fromisoformat(said["at"])))
    return changes


def id_at(moment: datetime) -> int:
    """The first id of a commit at that microsecond."""
    return (moment - EPOCH) // timedelta(microseconds=1) * MOST_IN_ONE


def time_of(change_id: int) -> datetime:
    """When the change with this id was committed."""
    return EPOCH + timedelta(microseconds=change_id // MOST_IN_ONE)


def _created(document: Any) -> datetime:
    created: datetime = document.create_time.ToDatetime(UTC)
    return created
