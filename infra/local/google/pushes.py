"""Between the Pub/Sub emulator and the functions: what the emulator leaves out of a push is added here.

It sends no token, and does not apply filters: a message whose type its subscription does not want is acknowledged here.
"""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.caller import Caller
from shared.messaging.topics import Subscription

log = logging.getLogger(__name__)


class Pushes:
    """Takes pushes to `/NAME` of a subscription on a port of the loopback address, and passes them on."""

    def __init__(self, port: int, subscriptions: tuple[Subscription, ...], caller: Caller) -> None:
        known = {subscription.name: subscription for subscription in subscriptions}
        handler = type("Push", (_Push,), {"subscriptions": known, "caller": caller})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{port}"
        threading.Thread(target=self._server.serve_forever, name="pushes", daemon=True).start()


class _Push(BaseHTTPRequestHandler):
    subscriptions: dict[str, Subscription]
    caller: Caller
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        subscription = self.subscriptions[self.path.removeprefix("/")]
        wanted = subscription.types is None or body["message"].get("attributes", {}).get("type") in subscription.types
        status = self.caller.post(subscription.path, body) if wanted else 204
        if status >= 400:
            log.warning("%s: a push was answered with %d", subscription.name, status)
        self.send_response(204 if status < 300 else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
