"""Between the Pub/Sub emulator and the functions: what the emulator leaves out of a push is added here.

It sends no token, applies no filter (a message whose type its subscription does not want is acknowledged here) and tries for
ever, where Pub/Sub makes a dead letter of what failed so often.
"""

import json
import logging
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.api_core.exceptions import GoogleAPICallError

from infra.local.caller import Caller
from infra.local.google.declare import Retries, Topics
from shared.messaging.topics import SUBSCRIPTIONS, Subscription

log = logging.getLogger(__name__)

KNOWN = {subscription.name: subscription for subscription in SUBSCRIPTIONS}


class Pushes:
    """Takes pushes to `/NAME` of a subscription on a port of the loopback address, and passes them on."""

    def __init__(self, port: int, topics: Topics, caller: Caller, retries: Retries = Retries()) -> None:
        self._topics, self._caller, self._retries = topics, caller, retries
        self._failures: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        handler = type("Push", (_Push,), {"pushes": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{port}"
        threading.Thread(target=self._server.serve_forever, name="pushes", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, subscription: Subscription, body: dict[str, Any]) -> int:
        """The status that the emulator is answered with."""
        message = body["message"]
        if subscription.types is not None and message.get("attributes", {}).get("type") not in subscription.types:
            return 204
        status = self._caller.post(subscription.path, body)
        if status < 300:
            return 204
        failures = self._count(subscription.name, message["messageId"])
        log.warning("%s: push %d of a message was answered with %d", subscription.name, failures, status)
        if failures < self._retries.attempts:
            return status
        try:
            self._topics.give_up(subscription.name, message)
        except GoogleAPICallError as error:
            log.error("a message could not be made a dead letter: %s", error)
            return status
        return 204

    def let_go(self) -> None:
        """The emulator has closed a connection, so its thread ends."""
        self._caller.close()

    def _count(self, subscription: str, message_id: str) -> int:
        with self._lock:
            self._failures[subscription, message_id] += 1
            return self._failures[subscription, message_id]


class _Push(BaseHTTPRequestHandler):
    pushes: Pushes
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.pushes.take(KNOWN[self.path.removeprefix("/")], body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def finish(self) -> None:
        super().finish()
        self.pushes.let_go()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
