"""The live store in Firestore: a document for each thing, and one for each time something was said, which expires.

Bodies are kept as JSON text: Firestore knows no list within a list, and would index every field of a map
(terraform/modules/firestore exempts these). Its listeners are in `firestore_feed`.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition
from google.cloud import firestore

from shared.kernel.clock import rfc3339
from shared.live.firestore_feed import CHANGES, MOST_IN_ONE, TOPICS, FirestoreFeed, emulator, open_feed
from shared.live.protocol import DOCUMENTS_KEPT, Change, Document, NewChange
from shared.live.turns import Turns

DOCUMENTS = "live_documents"
EXPIRING = (DOCUMENTS, CHANGES)
"""The collections that Firestore empties of what is past its `expires_at` (terraform/modules/firestore)."""

PATIENCE_S = 5.0

TRIES = 10
"""Others may change the same document in between; each time one of them succeeded."""


class Contended(RuntimeError):
    """A document was changed by others each time it was about to be written."""


class FirestoreLiveStore:
    """`FIRESTORE_EMULATOR_HOST` leads to an emulator instead of the service."""

    def __init__(self, project: str) -> None:
        self._client = firestore.Client(project=project)
        self._database = f"projects/{project}/databases/(default)"
        self._turns = Turns(taken=emulator() is not None)
        self._feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, FirestoreFeed] = WeakKeyDictionary()

    def write(self, documents: Sequence[Document], changes: Sequence[NewChange]) -> None:
        """One commit; what says more of a topic than a document holds, several, in order. Raises Contended."""
        first, *more = [*_told(changes)] or [{}]
        for _ in range(TRIES if documents else 1):
            if self._commit(documents, first):
                break
        else:
            raise Contended(f"{documents[0].collection} was changed by others {TRIES} times in a row")
        for told in more:
            self._commit((), told)

    def get(self, collection: str, key: str) -> Document | None:
        found = self._reference(collection, key).get(timeout=PATIENCE_S)
        if not found.exists:
            return None
        return Document(
            collection, key, found.get("region_id"), json.loads(found.get("body")), _moment(found.get("at"))
        )

    def forget(self, collection: str, key: str) -> None:
        self._reference(collection, key).delete(timeout=PATIENCE_S)

    async def watch(self, topic: str, after: int | None) -> AsyncIterator[Change]:
        loop = asyncio.get_running_loop()
        if loop not in self._feeds:
            self._feeds[loop] = open_feed(self._database, self._turns)
        return await self._feeds[loop].watch(topic, after)

    def close(self) -> None:
        """Let go of every connection."""
        for loop, feed in self._feeds.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(feed.close)
        self._client.close()  # type: ignore[no-untyped-call]

    def _commit(self, documents: Sequence[Document], told: dict[str, dict[str, Any]]) -> bool:
        """False when a document was changed since it was read: then nothing was written."""
        batch = self._client.batch()
        for document, known in zip(documents, self._known(documents), strict=True):
            body = {
                "region_id": document.region_id,
                "body": _json(document.body),
                "at": document.at,
                "expires_at": document.at + DOCUMENTS_KEPT,
            }
            if not known.exists:
                batch.create(known.reference, body)
            elif _moment(known.get("at")) <= document.at:
                batch.update(known.reference, body, self._client.write_option(last_update_time=known.update_time))
        for topic, fields in told.items():
            batch.create(self._client.collection(TOPICS, topic, CHANGES).document(), fields)
        try:
            with self._turns.to_commit():
                batch.commit(timeout=PATIENCE_S)
        except (AlreadyExists, FailedPrecondition, Aborted):
            return False
        return True

    def _known(self, documents: Sequence[Document]) -> list[Any]:
        """Their snapshots, of those that are not there too."""
        references = [self._reference(document.collection, document.key) for document in documents]
        found = {one.id: one for one in self._client.get_all(references, timeout=PATIENCE_S)} if references else {}
        return [found[reference.id] for reference in references]

    def _reference(self, collection: str, key: str) -> firestore.DocumentReference:
        return self._client.collection(DOCUMENTS).document(f"{collection}:{key}")


def _told(changes: Sequence[NewChange]) -> Iterator[dict[str, dict[str, Any]]]:
    """For each commit its documents by topic: a topic has one in a commit, so that the order is in the commit's time."""
    topics: dict[str, list[NewChange]] = defaultdict(list)
    for change in changes:
        topics[change.topic].append(change)
    for start in range(0, max(map(len, topics.values()), default=0), MOST_IN_ONE):
        parts = {topic: said[start : start + MOST_IN_ONE] for topic, said in topics.items()}
        yield {topic: _said(part) for topic, part in parts.items() if part}


def _said(changes: Sequence[NewChange]) -> dict[str, Any]:
    return {
        "changes": _json([{"event": change.event, "data": change.data, "at": change.at} for change in changes]),
        "stored_at": firestore.SERVER_TIMESTAMP,
        "expires_at": max(change.expires_at for change in changes),
    }


def _json(value: object) -> str:
    return json.dumps(value, default=rfc3339)


def _moment(stored: datetime) -> datetime:
    """Firestore's own kind of datetime as a plain one."""
    return datetime.fromtimestamp(stored.timestamp(), UTC)
