"""Which task is sent when, and what becomes of it.

A task stays in the file until it succeeds or is given up, so one whose attempt was cut by a stop is due again after the
start: delivery is at least once, as in https://cloud.google.com/tasks/docs/common-pitfalls#duplicate_execution.
Locks are taken in one order: the dispatcher's, then the file's.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from google.cloud.tasks_v2.types import Attempt, Queue, Task
from google.rpc import code_pb2

from infra.emulators.cloud_tasks.policy import Bucket, backoff, is_exhausted, retries_of
from infra.emulators.cloud_tasks.settings import Clock, Settings
from infra.emulators.cloud_tasks.storage import Row, Storage
from infra.emulators.cloud_tasks.worker import Caller, Outcome, headers_of

LONGEST_NAP = 0.05
"""Real seconds between two looks at the file; the clock may run faster than they do."""


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as the protocol's time."""
    return datetime.fromtimestamp(seconds, UTC)


class Dispatcher:
    """A loop that starts the attempts that are due, and the pool that runs them."""

    def __init__(self, storage: Storage, clock: Clock, settings: Settings) -> None:
        self._storage, self._clock, self._settings = storage, clock, settings
        self._caller = Caller()
        self._pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="cloud-tasks-attempt")
        self._loop = threading.Thread(target=self._run, name="cloud-tasks-dispatcher", daemon=True)
        self._changed = threading.Condition()
        self._nudged = threading.Event()
        self._stopping = False
        self._buckets: dict[str, Bucket] = {}
        self._open_tasks: Counter[int] = Counter()
        self._open_queues: Counter[str] = Counter()

    def start(self) -> None:
        """Begin to look for due tasks."""
        self._loop.start()

    def stop(self, grace: float) -> None:
        """Start nothing more; attempts that outlast the grace are cut, and are due again after a start."""
        with self._changed:
            self._stopping = True
        self._nudged.set()
        self._loop.join()
        with self._changed:
            self._changed.wait_for(lambda: not self._open_tasks, grace)
        self._caller.cut()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def nudge(self) -> None:
        """Look at the file soon: something has changed."""
        self._nudged.set()

    def settle(self, timeout: float = 10.0) -> None:
        """Return when nothing that may be sent now is left and no attempt is open."""
        until = time.monotonic() + timeout
        while True:
            started = self.start_due()
            with self._changed:
                if not started and not self._open_tasks:
                    return
                if not self._changed.wait_for(lambda: not self._open_tasks, until - time.monotonic()):
                    raise TimeoutError(f"{len(self._open_tasks)} tasks are still being attempted")

    def start_due(self) -> int:
        """Start every attempt that the clock and the limits allow now; how many these were."""
        with self._changed:
            if self._stopping:
                return 0
            with self._storage.transaction():
                running = [queue for queue in self._storage.queues() if queue.state == Queue.State.RUNNING]
                begun = [row for queue in running for row in self._begin_allowed(queue)]
            for row in begun:
                self._pool.submit(self._attempt, row, None)
        return len(begun)

    def run_now(self, number: int) -> Row | None:
        """Start an attempt whatever the queue's state, its limits and the schedule; none if the task has ended."""
        with self._changed:
            if self._stopping:
                return None
            with self._storage.transaction():
                row = self._storage.task_numbered(number)
                if row is None:
                    return None
                self._begin(row)
            self._pool.submit(self._attempt, row, self._clock())
        return row

    def _run(self) -> None:
        while not self._stopping:
            self._nudged.wait(LONGEST_NAP)
            self._nudged.clear()
            self.start_due()

    def _begin_allowed(self, queue: Queue) -> list[Row]:
        now = self._clock()
        limits = queue.rate_limits
        bucket = self._buckets.setdefault(queue.name, Bucket(float(limits.max_burst_size), now))
        room = min(
            bucket.refill(limits, now),
            limits.max_concurrent_dispatches - self._open_queues[queue.name],
            self._settings.workers - self._open_tasks.total(),
        )
        if room <= 0:
            return []
        due = self._storage.due(queue.name, now, room + self._open_queues[queue.name])
        rows = [row for row in due if row.number not in self._open_tasks][:room]
        for row in rows:
            bucket.take()
            self._begin(row)
        return rows

    def _begin(self, row: Row) -> None:
        task, now = row.task, moment(self._clock())
        task.dispatch_count += 1
        task.last_attempt = Attempt(schedule_time=task.schedule_time, dispatch_time=now)
        if "first_attempt" not in task:
            task.first_attempt = Attempt(dispatch_time=now)
        self._storage.put_task(row)
        self._open_tasks[row.number] += 1
        self._open_queues[row.queue] += 1

    def _attempt(self, row: Row, called_at: float | None) -> None:
        try:
            outcome = self._send(row.task)
            # An attempt that the stop has cut is not a failure of the task.
            if outcome.http_status is not None or not self._stopping:
                with self._storage.transaction():
                    self._conclude(row, outcome, called_at)
        finally:
            with self._changed:
                self._open_queues[row.queue] -= 1
                self._open_tasks[row.number] -= 1
                if not self._open_tasks[row.number]:
                    del self._open_tasks[row.number]
                self._changed.notify_all()
            self._nudged.set()

    def _send(self, task: Task) -> Outcome:
        try:
            headers = headers_of(task, task.schedule_time.timestamp(), self._clock(), self._settings.signer)
        except Exception as problem:  # The signer is not the emulator's own code: it may raise anything.
            return Outcome(None, code_pb2.INTERNAL, f"the signer failed: {problem}")
        return self._caller.send(task, headers)

    def _conclude(self, begun: Row, outcome: Outcome, called_at: float | None) -> None:
        row, queue = self._storage.task_numbered(begun.number), self._storage.queue(begun.queue)
        if row is None or queue is None:
            return
        task, now = row.task, self._clock()
        task.response_count += outcome.http_status is not None
        task.last_attempt.response_time = moment(now)
        task.last_attempt.response_status = outcome.as_status()
        retries = retries_of(task, queue)
        since_first = moment(now) - task.first_attempt.dispatch_time
        if outcome.succeeded or is_exhausted(retries, task.dispatch_count, since_first):
            self._storage.end_task(row, now)
            return
        task.schedule_time = moment(now if called_at is None else called_at) + backoff(retries, task.dispatch_count)
        self._storage.put_task(row)
