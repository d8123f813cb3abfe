"""From the Pub/Sub emulator to the functions, as Pub/Sub pushes (cloud.google.com/pubsub/docs/push).

The emulator's own pushes come two at a time at most, so that a busy market's messages wait for each other; they carry no token,
know no filter and are tried for ever. Here its messages are pulled instead and pushed as the service does: many at once, those
of a key in order, with a token, of the types that a subscription wants, again after a failure, and at last as a dead letter.
A message is acknowledged when it was answered; what this process holds when it is killed is pulled again when its lease is over.
"""

import base64
import logging
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from google.api_core.exceptions import GoogleAPICallError

from infra.local.caller import Caller
from infra.local.google.declare import Retries, Topics
from shared.kernel.clock import rfc3339
from shared.messaging.topics import SUBSCRIPTIONS, Subscription

log = logging.getLogger(__name__)

AT_ONCE = 6
"""Pushes under way; the functions have eight threads, and people wait for some of them."""

MOST = 100
"""Messages in one pull."""

AGAIN_S = 0.5
"""How long an emulator that does not answer is left alone."""


class Pushes:
    """Pushes what comes to any subscription, from now until `stop`."""

    def __init__(self, topics: Topics, caller: Caller, retries: Retries = Retries()) -> None:
        self._caller = caller
        self._ended = threading.Event()
        self._executor = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push")
        for subscription in SUBSCRIPTIONS:
            lines = _Lines(subscription, topics, caller, retries, self._executor)
            threading.Thread(target=lines.pull, args=(self._ended,), name=subscription.name, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        self._executor.shutdown(cancel_futures=True)
        self._caller.close()


class _Lines:
    """Of one subscription: the messages that are held, a line for each key. `_leases` has the latest lease of each message:
    one that ran out while its message waited gives the message again."""

    def __init__(
        self, subscription: Subscription, topics: Topics, caller: Caller, retries: Retries, executor: ThreadPoolExecutor
    ) -> None:
        self._subscription, self._topics, self._caller = subscription, topics, caller
        self._retries, self._executor = retries, executor
        self._lines: dict[str, deque[Any]] = {}
        self._leases: dict[str, str] = {}
        self._lock = threading.Lock()

    def pull(self, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                received = self._topics.pull(self._subscription.name, MOST)
            except GoogleAPICallError as error:
                log.info("%s cannot be pulled: %s", self._subscription.name, error)
                ended.wait(AGAIN_S)
                continue
            for one in received:
                if self._is_first(one) and not ended.is_set():
                    self._executor.submit(self._push, one.message.ordering_key)

    def _is_first(self, received: Any) -> bool:
        """Put a message at the end of its line. True when nobody stands before it."""
        message = received.message
        with self._lock:
            known = message.message_id in self._leases
            self._leases[message.message_id] = received.ack_id
            if known:
                return False
            line = self._lines.setdefault(message.ordering_key, deque())
            line.append(message)
            return len(line) == 1

    def _push(self, key: str, failures: int = 0) -> None:
        """Push the first of a line, and see to the next one."""
        message = self._lines[key][0]
        status = self._deliver(message)
        if status >= 300:
            failures += 1
            log.warning("%s: push %d of a message was answered with %d", self._subscription.name, failures, status)
            if failures < self._retries.attempts or not self._give_up(message):
                again = threading.Timer(self._pause_s(failures), self._submit, (key, failures))
                again.daemon = True
                again.start()
                return
        self._let_go(key, message)

    def _deliver(self, message: Any) -> int:
        """The status of the answer; a type that is not wanted is done with."""
        attributes = dict(message.attributes)
        if self._subscription.types is not None and attributes.get("type") not in self._subscription.types:
            return 204
        pushed = {
            "data": base64.b64encode(message.data).decode(),
            "attributes": attributes,
            "messageId": message.message_id,
            "orderingKey": message.ordering_key,
            "publishTime": rfc3339(message.publish_time),
        }
        body = {"message": pushed, "subscription": self._topics.name_of(self._subscription.name)}
        return self._caller.post(self._subscription.path, body)

    def _give_up(self, message: Any) -> bool:
        try:
            self._topics.give_up(self._subscription.name, message)
        except GoogleAPICallError as error:
            log.error("a message could not be made a dead letter: %s", error)
            return False
        return True

    def _pause_s(self, failures: int) -> float:
        return min(self._retries.most, self._retries.least * 2 ** (failures - 1)).total_seconds()

    def _let_go(self, key: str, message: Any) -> None:
        try:
            self._topics.acknowledge(self._subscription.name, self._leases[message.message_id])
        except GoogleAPICallError as error:
            log.warning("%s: a message is not acknowledged and may come again: %s", self._subscription.name, error)
        with self._lock:
            del self._leases[message.message_id]
            line = self._lines[key]
            line.popleft()
            if not line:
                del self._lines[key]
        if line:
            self._submit(key)

    def _submit(self, key: str, failures: int = 0) -> None:
        try:
            self._executor.submit(self._push, key, failures)
        except RuntimeError:
            log.debug("the market is stopping: what is held is pulled again by the next one")
