"""Events on their way to the platform: signed, and repeated until they are taken."""

import hashlib
import hmac
import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from infra.standins.stripe.storage import Object, Storage

log = logging.getLogger(__name__)

LOOK_S = 0.2
TIMEOUT_S = 10.0


def sign(body: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over the time and the raw body (docs.stripe.com/webhooks#verify-manually)."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Sender(threading.Thread):
    """Delivers what is undelivered to a URL, for as long as it runs; what is refused is tried again."""

    def __init__(self, storage: Storage, url: str, secret: str, clock: Callable[[], float]) -> None:
        super().__init__(name="stripe-webhooks", daemon=True)
        self._storage = storage
        self._url = url
        self._secret = secret
        self._clock = clock
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            for event in self._storage.undelivered():
                if self._stopping.is_set() or not self._deliver(event):
                    break
                self._storage.delivered(event["id"])

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _deliver(self, event: Object) -> bool:
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", "Stripe-Signature": sign(body, self._secret, int(self._clock()))}
        request = urllib.request.Request(self._url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):
                return True
        except OSError as error:
            log.info("event %s waits: %s", event["id"], error)
            return False
