"""The worker of the one-machine platform: pushes messages, runs tasks, fires the schedule. All by the paced clock.

What it takes it leases, so a killed worker's items come back; what succeeds is removed, so a repeated call is the
exception that consumers are made for.
"""

import base64
import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pg8000.native import DatabaseError, InterfaceError

from infra.local import schedule
from infra.local.caller import Caller
from infra.local.clock import wall_seconds
from infra.local.lifeline import die_with_parent
from shared.kernel.clock import Clock, rfc3339
from shared.live.protocol import CHANGES_KEPT, DOCUMENTS_KEPT, PASSING, PASSING_KEPT
from shared.messaging.embedded import WAKE_CHANNEL
from shared.messaging.topics import SUBSCRIPTIONS
from shared.storage.connection import Connection, Pool, Row, Statement, close
from shared.wiring.clock import clock
from shared.wiring.settings import settings

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
FIRST_BACKOFF_S = 1.0
LEASE_S = 60
"""Wall seconds after which a taken item counts as lost with its worker."""

IDLE_S = 0.25
"""How long to sleep, wall seconds, when nothing is due and nobody notifies."""

NAMES_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FeedSql:
    """Named statements over one table."""

    take: str
    done: str
    again: str
    next_due: str | None = None
    """When the next item is due; a feed without it looks every `IDLE_S`, and whenever it is notified."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of work: the statements that take and end it, and the call that does it, in so many threads."""

    name: str
    sql: FeedSql
    call: Callable[[Row], int]
    threads: int


class Worker:
    def __init__(self, url: str, caller: Caller, time_source: Clock) -> None:
        self._url = url
        self._caller = caller
        self._clock = time_source
        self._stopping = threading.Event()
        self._paths = {subscription.name: subscription.path for subscription in SUBSCRIPTIONS}
        self._feeds = [
            Feed("messages", FeedSql(_TAKE_MESSAGES, _MESSAGE_DONE, _MESSAGE_AGAIN), self._push, 4),
            Feed("tasks", FeedSql(_TAKE_TASKS, _TASK_DONE, _TASK_AGAIN, _NEXT_TASK), self._run_task, 4),
        ]
        self._pool = Pool(url, sum(feed.threads for feed in self._feeds) + len(self._feeds) + 2)

    def run(self) -> None:
        """Until the process ends."""
        self._release_leases()
        threads = [threading.Thread(target=self._feed, args=(feed,), name=feed.name) for feed in self._feeds]
        timetable = (self._clock, self._caller, self._forget_old)
        threads.append(threading.Thread(target=schedule.fire, args=timetable, name="schedule"))
        for thread in threads:
            thread.daemon = True
            thread.start()
        for thread in threads:
            thread.join()

    def _feed(self, feed: Feed) -> None:
        """Take what is due, as much as there are free threads, and hand it to them; sleep when nothing is."""
        free = threading.Semaphore(feed.threads)
        with ThreadPoolExecutor(feed.threads, thread_name_prefix=feed.name) as executor:
            while not self._stopping.is_set():
                listener: Connection | None = None
                try:
                    listener = Connection(self._url)
                    listener.command(f"LISTEN {WAKE_CHANNEL}")
                    self._take_for_ever(feed, listener, executor, free)
                except (DatabaseError, InterfaceError, OSError):
                    log.exception("%s: the database is away; trying again", feed.name)
                    time.sleep(IDLE_S)
                finally:
                    if listener is not None:
                        close(listener)

    def _take_for_ever(
        self, feed: Feed, listener: Connection, executor: ThreadPoolExecutor, free: threading.Semaphore
    ) -> None:
        while True:
            wanted = _acquire_some(free, feed.threads)
            rows = listener.fetch(feed.sql.take, {"now": self._clock.now(), "lease_s": LEASE_S, "limit": wanted})
            for row in rows:
                executor.submit(self._handle, feed, row, free)
            if len(rows) < wanted:
                free.release(wanted - len(rows))
            if not rows:
                listener.wait_for_notification(self._pause_s(feed, listener))

    def _pause_s(self, feed: Feed, listener: Connection) -> float:
        """Wall seconds until the next item is due, within reason: the pace may change meanwhile."""
        due_at = listener.fetch(feed.sql.next_due)[0]["due_at"] if feed.sql.next_due else None
        if due_at is None:
            return IDLE_S
        return min(IDLE_S, max(0.001, wall_seconds(self._clock, due_at - self._clock.now())))

    def _handle(self, feed: Feed, row: Row, free: threading.Semaphore) -> None:
        connection = self._pool.acquire()
        broken = True
        try:
            status = feed.call(row)
            self._end(feed, row, status, connection)
            broken = False
        except (DatabaseError, InterfaceError, OSError):
            log.exception("%s: an item's end could not be written; its lease brings it back", feed.name)
        finally:
            self._pool.release(connection, broken=broken)
            free.release()

    def _end(self, feed: Feed, row: Row, status: int, connection: Connection) -> None:
        key = {name: row[name] for name in ("subscription", "message_id", "name") if name in row}
        now = self._clock.now()
        if 200 <= status < 300:
            connection.fetch(feed.sql.done, {**key, **({"now": now} if ":now" in feed.sql.done else {})})
            return
        hopeless = 400 <= status < 500 and status not in (408, 409, 429)
        dead = hopeless or row["attempts"] >= MAX_ATTEMPTS
        if dead:
            log.error("%s %s is dead after status %d, attempt %d", feed.name, key, status, row["attempts"])
        backoff = timedelta(seconds=FIRST_BACKOFF_S * 2 ** min(row["attempts"] - 1, 8))
        connection.fetch(feed.sql.again, {**key, "due_at": now + backoff, "dead": dead})

    def _push(self, row: Row) -> int:
        message = {
            "data": base64.b64encode(json.dumps(row["data"]).encode()).decode(),
            "messageId": row["message_id"],
            "attributes": row["attributes"],
            "orderingKey": row["ordering_key"],
            "publishTime": rfc3339(row["published_at"]),
        }
        return self._caller.post(
            self._paths[row["subscription"]], {"message": message, "subscription": row["subscription"]}
        )

    def _run_task(self, row: Row) -> int:
        return self._caller.post(row["path"], row["body"], row["traceparent"])

    def _forget_old(self) -> None:
        self._execute(*forgetting(self._clock.now()))

    def _release_leases(self) -> None:
        """There is one worker: what was leased when it starts was leased by one that is gone."""
        self._execute("UPDATE broker_deliveries SET leased_until = NULL WHERE leased_until IS NOT NULL", {})
        self._execute("UPDATE queue_tasks SET leased_until = NULL WHERE leased_until IS NOT NULL", {})

    def _execute(self, sql: str, params: dict[str, Any]) -> None:
        connection = self._pool.acquire()
        try:
            connection.fetch(sql, params)
        finally:
            self._pool.release(connection)


def forgetting(now: datetime) -> Statement:
    """Deletes what nobody asks for any more: names of tasks that ended, what was told, and things that nothing is told of."""
    kept = {"names": NAMES_KEPT, "changes": CHANGES_KEPT, "passing": PASSING_KEPT, "documents": DOCUMENTS_KEPT}
    return _FORGET, {**{f"{name}_before": now - age for name, age in kept.items()}, "passing": list(PASSING)}


def _acquire_some(permits: threading.Semaphore, most: int) -> int:
    """Wait for one permit, and take the others that are free. Gives their number."""
    permits.acquire()
    taken = 1
    while taken < most and permits.acquire(blocking=False):
        taken += 1
    return taken


def main() -> None:
    """`python -m infra.local.worker API_URL DISPATCH_URL`"""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    api, dispatch = sys.argv[1:]
    Worker(settings().database_url, Caller(api, dispatch, lambda _: settings().internal_token), clock()).run()


_TAKE_MESSAGES = """
    UPDATE broker_deliveries AS d
    SET leased_until = clock_timestamp() + make_interval(secs => CAST(:lease_s AS double precision)),
        attempts = d.attempts + 1
    FROM (
        SELECT subscription, message_id FROM broker_deliveries w
        WHERE NOT dead AND due_at <= :now AND (leased_until IS NULL OR leased_until < clock_timestamp())
          AND NOT EXISTS (SELECT FROM broker_deliveries earlier
                          WHERE earlier.subscription = w.subscription AND earlier.ordering_key = w.ordering_key
                            AND earlier.position < w.position AND NOT earlier.dead)
        ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED
    ) AS next
    WHERE d.subscription = next.subscription AND d.message_id = next.message_id
    RETURNING d.subscription, d.message_id, d.ordering_key, d.data, d.attributes, d.published_at, d.attempts
"""
_MESSAGE_DONE = f"""
    WITH gone AS (
        DELETE FROM broker_deliveries WHERE subscription = :subscription AND message_id = :message_id
        RETURNING subscription, ordering_key, position
    )
    SELECT CAST(pg_notify('{WAKE_CHANNEL}', '') AS text) AS woken FROM gone
    WHERE EXISTS (SELECT FROM broker_deliveries later WHERE later.subscription = gone.subscription
                  AND later.ordering_key = gone.ordering_key AND later.position > gone.position)
"""
_NEXT_TASK = (
    "SELECT min(due_at) AS due_at FROM queue_tasks WHERE ended_at IS NULL AND NOT dead AND leased_until IS NULL"
)
_MESSAGE_AGAIN = """
    UPDATE broker_deliveries SET leased_until = NULL, due_at = :due_at, dead = :dead
    WHERE subscription = :subscription AND message_id = :message_id
"""
_TAKE_TASKS = """
    UPDATE queue_tasks AS t
    SET leased_until = clock_timestamp() + make_interval(secs => CAST(:lease_s AS double precision)),
        attempts = t.attempts + 1
    FROM (
        SELECT name FROM queue_tasks
        WHERE ended_at IS NULL AND NOT dead AND due_at <= :now
          AND (leased_until IS NULL OR leased_until < clock_timestamp())
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ) AS next
    WHERE t.name = next.name
    RETURNING t.name, t.queue, t.path, t.body, t.attempts, t.traceparent
"""
_TASK_DONE = "UPDATE queue_tasks SET ended_at = :now, leased_until = NULL WHERE name = :name"
_TASK_AGAIN = "UPDATE queue_tasks SET leased_until = NULL, due_at = :due_at, dead = :dead WHERE name = :name"
_FORGET = """
    WITH names AS (DELETE FROM queue_tasks WHERE ended_at < :names_before RETURNING 1),
    changes AS (
        DELETE FROM live_changes
        WHERE at < CASE WHEN event = ANY(CAST(:passing AS text[])) THEN CAST(:passing_before AS timestamptz)
                        ELSE :changes_before END
        RETURNING 1
    ),
    documents AS (DELETE FROM live_documents WHERE at < :documents_before RETURNING 1)
    SELECT (SELECT count(*) FROM names) AS names, (SELECT count(*) FROM changes) AS changes,
           (SELECT count(*) FROM documents) AS documents
"""

if __name__ == "__main__":
    main()
