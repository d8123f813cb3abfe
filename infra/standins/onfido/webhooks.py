"""What Onfido tells of its own accord: a signed body, sent again until it is taken."""

import hashlib
import hmac
import json
import logging
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.standins.onfido.records import Gone, Json, Records

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    token: str

    def body(self, run: Json) -> bytes:
        completed = {"id": run["id"], "status": run["status"], "completed_at_iso8601": datetime.now(UTC).isoformat()}
        payload = {"resource_type": "workflow_run", "action": "workflow_run.completed", "object": completed}
        return json.dumps({"payload": payload}).encode()

    def signature(self, body: bytes) -> str:
        """The `X-SHA2-Signature` header."""
        return hmac.new(self.token.encode(), body, hashlib.sha256).hexdigest()

    def send(self, body: bytes) -> int:
        """The status that it is answered with; 0 when nobody answers."""
        headers = {"Content-Type": "application/json", "X-SHA2-Signature": self.signature(body)}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, body, headers), timeout=TIMEOUT_S) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def work_through(records: Records, webhook: Webhook, decide_after_s: float) -> None:
    """End the runs that are old enough, and tell of every ended one that nobody took yet."""
    for run in records.undecided(time.time() - decide_after_s):
        try:
            records.decide(run["id"])
        except Gone:
            log.info("the applicant of run %s was deleted meanwhile", run["id"])
    for run in records.untold():
        status = webhook.send(webhook.body(run))
        if 200 <= status < 300:
            records.told(run["id"])
        else:
            log.warning("the webhook of run %s was answered with %s; it is sent again", run["id"], status)
