"""What Firestore's TTL policies do and its emulator does not: documents go after the time in their `expires_at`.

The emulator looks through all its documents for every write that somebody listens to (21 ms with 8,000 of them, 5 ms with none),
so a market that keeps what is past comes to a stop within minutes.
"""

import logging
import time
from datetime import datetime

from google.api_core.exceptions import GoogleAPIError
from google.cloud import firestore

from shared.kernel.clock import Clock
from shared.live.google import EXPIRING

log = logging.getLogger(__name__)

AT_ONCE = 200
EVERY_S = 1.0
"""Wall seconds between two looks."""

PATIENCE_S = 30.0


class Expiry:
    """`FIRESTORE_EMULATOR_HOST` names the emulator; what is past is so by the market's clock."""

    def __init__(self, project: str, clock: Clock) -> None:
        self._client = firestore.Client(project=project)
        self._clock = clock

    def keep(self) -> None:
        """For ever."""
        while True:
            try:
                self.sweep()
            except GoogleAPIError as error:
                log.info("what has expired stays a little longer: %s", error)
            time.sleep(EVERY_S)

    def sweep(self) -> int:
        """Delete what has expired; gives how many documents that were. Raises GoogleAPIError."""
        now = self._clock.now()
        return sum(self._sweep(collection, now) for collection in EXPIRING)

    def _sweep(self, collection: str, now: datetime) -> int:
        is_past = firestore.FieldFilter("expires_at", "<=", now)
        past = self._client.collection_group(collection).where(filter=is_past).select([]).limit(AT_ONCE)
        gone = 0
        while found := [*past.stream(timeout=PATIENCE_S)]:
            batch = self._client.batch()
            for each in found:
                batch.delete(each.reference, self._client.write_option(last_update_time=each.update_time))
            batch.commit(timeout=PATIENCE_S)
            gone += len(found)
        return gone
