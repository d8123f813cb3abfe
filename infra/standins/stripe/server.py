"""The stand-in over HTTP, on this machine's loopback address."""

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from infra.standins.faults import Fault, Faults
from infra.standins.serving import VendorServer
from infra.standins.stripe.api import BROKEN, Answered, Api, Asked
from infra.standins.stripe.forms import decode
from infra.standins.stripe.storage import MEMORY, Object, Storage
from infra.standins.stripe.webhooks import Sender

HOST = "127.0.0.1"
LOOK_S = 0.05
"""How often the server looks whether it is to end."""
HOLD_S = 7 * 24 * 3_600.0
UNAUTHORIZED = Answered(401, '{"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}')
AWAY = Answered(503, json.dumps(BROKEN))
LIMITED = Answered(
    429, '{"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests"}}'
)


@dataclass(frozen=True, slots=True)
class Settings:
    """`file` keeps everything between runs; a hold lapses after `hold_s`. Without `webhook_url` events wait to be taken."""

    secret_key: str
    webhook_secret: str
    port: int = 0
    file: str = MEMORY
    hold_s: float = HOLD_S
    webhook_url: str = ""
    clock: Callable[[], float] = time.time


class StandIn:
    """Runs from `with`, or from `start` to `stop`."""

    def __init__(self, settings: Settings, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self._settings = settings
        self._storage = Storage(settings.file)
        self._api = Api(self._storage, settings.clock, settings.hold_s)
        self._server = VendorServer((HOST, settings.port), _handler(self))
        self._sender = (
            Sender(self._storage, settings.webhook_url, settings.webhook_secret, settings.clock)
            if settings.webhook_url
            else None
        )

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(LOOK_S,), name="stripe", daemon=True).start()
        if self._sender is not None:
            self._sender.start()

    def stop(self) -> None:
        self.faults.settle()
        if self._sender is not None:
            self._sender.stop()
        self._server.shutdown()
        self._server.server_close()
        self._storage.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def take_events(self) -> list[Object]:
        """The events that nobody was told of yet; whoever takes them delivers them."""
        events = self._storage.undelivered()
        for event in events:
            self._storage.delivered(event["id"])
        return events

    def block(self, method: str) -> None:
        """From now on the issuer declines this card."""
        self._api.block(method)

    def lapse(self, account: str, payment_intent: str) -> None:
        """The time of a hold has come."""
        self._api.lapse(account, payment_intent)

    def answer(self, asked: Asked, authorization: str) -> Answered | None:
        """None when the connection is to end without an answer."""
        if not _names(authorization, self._settings.secret_key):
            return UNAUTHORIZED
        fault = self.faults.draw(reading=asked.method == "GET")
        if fault == Fault.LIMITED:
            return LIMITED
        if fault == Fault.BEFORE:
            return AWAY
        return self.faults.meet(fault, lambda: self._api.answer(asked, fault))


def _names(authorization: str, secret_key: str) -> bool:
    """Whether a Bearer or Basic header carries the key."""
    basic = base64.b64encode(f"{secret_key}:".encode()).decode()
    return authorization in (f"Bearer {secret_key}", f"Basic {basic}")


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _serve(self, form: str) -> None:
            asked = Asked(
                self.command, urlsplit(self.path).path, decode(form), self.headers.get("Stripe-Account", ""),
                self.headers.get("Idempotency-Key"),
            )  # fmt: skip
            answered = standin.answer(asked, self.headers.get("Authorization", ""))
            if answered is None:
                self.close_connection = True
                return
            body = answered.body.encode()
            self.send_response(answered.status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Requests are not logged."""

    return Handler
