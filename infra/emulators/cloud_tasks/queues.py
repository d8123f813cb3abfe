"""The calls about queues."""

from collections.abc import Callable

import grpc
from google.cloud.tasks_v2.types import (
    CreateQueueRequest,
    DeleteQueueRequest,
    GetQueueRequest,
    ListQueuesRequest,
    ListQueuesResponse,
    PauseQueueRequest,
    PurgeQueueRequest,
    Queue,
    ResumeQueueRequest,
    UpdateQueueRequest,
)
from google.protobuf import empty_pb2, field_mask_pb2

from infra.emulators.cloud_tasks.checks import check_location_name, check_page, check_queue, check_queue_name
from infra.emulators.cloud_tasks.dispatcher import Dispatcher, moment
from infra.emulators.cloud_tasks.errors import Refused, invalid, no_queue, unsupported
from infra.emulators.cloud_tasks.policy import with_default_rates, with_default_retries
from infra.emulators.cloud_tasks.settings import Clock, Settings
from infra.emulators.cloud_tasks.storage import Storage

LARGEST_PAGE = 9800
UPDATABLE = ("rate_limits", "retry_config", "stackdriver_logging_config", "app_engine_routing_override", "http_target")


class Queues:
    """Each method answers one call of the API."""

    def __init__(self, storage: Storage, dispatcher: Dispatcher, clock: Clock, settings: Settings) -> None:
        self._storage, self._dispatcher, self._clock, self._settings = storage, dispatcher, clock, settings

    def create(self, request: CreateQueueRequest) -> Queue:
        """CreateQueue."""
        check_location_name("parent", request.parent)
        name = request.queue.name
        check_queue_name("queue.name", name)
        if not name.startswith(f"{request.parent}/queues/"):
            raise invalid("queue.name", f"{name!r} is not in the location {request.parent!r}, the parent")
        check_queue(request.queue)
        with self._storage.transaction():
            if self._storage.queue(name) is not None:
                raise Refused(grpc.StatusCode.ALREADY_EXISTS, f"Queue already exists: {name}")
            return self._add(request.queue)

    def update(self, request: UpdateQueueRequest) -> Queue:
        """UpdateQueue, which creates the queue when there is none."""
        name, paths = request.queue.name, list(request.update_mask.paths) or list(UPDATABLE)
        check_queue_name("queue.name", name)
        for path in paths:
            if path.split(".")[0] not in UPDATABLE or not _is_path(path):
                raise invalid("update_mask", f"{path!r} is not a field of a queue that can be updated")
        check_queue(request.queue)
        with self._storage.transaction():
            known = self._storage.queue(name)
            if known is None:
                return self._add(request.queue)
            mask = field_mask_pb2.FieldMask(paths=paths)
            mask.MergeMessage(Queue.pb(request.queue), Queue.pb(known), replace_message_field=True)
            check_queue(known)
            # An int32 of 0 is the same as none on the wire; that it is meant shows only where the mask names it.
            doublings = known.retry_config.max_doublings
            _complete(known)
            if "retry_config.max_doublings" in paths:
                known.retry_config.max_doublings = doublings
            self._storage.put_queue(known)
        self._dispatcher.nudge()
        return known

    def get(self, request: GetQueueRequest) -> Queue:
        """GetQueue."""
        check_queue_name("name", request.name)
        with self._storage.transaction():
            return self._known(request.name)

    def list(self, request: ListQueuesRequest) -> ListQueuesResponse:
        """ListQueues, by name; the page token is the last name."""
        check_location_name("parent", request.parent)
        if request.filter:
            raise unsupported("filter")
        size = check_page(request.page_size, LARGEST_PAGE)
        with self._storage.transaction():
            found = self._storage.queues(f"{request.parent}/queues/", request.page_token, size + 1)
        token = found[size - 1].name if len(found) > size else ""
        return ListQueuesResponse(queues=found[:size], next_page_token=token)

    def delete(self, request: DeleteQueueRequest) -> empty_pb2.Empty:
        """DeleteQueue, with all its tasks."""
        check_queue_name("name", request.name)
        with self._storage.transaction():
            self._known(request.name)
            self._storage.end_queue(request.name, self._clock())
        return empty_pb2.Empty()

    def purge(self, request: PurgeQueueRequest) -> Queue:
        """PurgeQueue: the tasks that there are now are deleted when the call returns."""

        def change(queue: Queue) -> None:
            queue.purge_time = moment(self._clock())
            self._storage.end_tasks_of(queue.name, self._clock())

        return self._change(request.name, change)

    def pause(self, request: PauseQueueRequest) -> Queue:
        """PauseQueue: nothing is dispatched until ResumeQueue; attempts that are open go on."""

        def change(queue: Queue) -> None:
            queue.state = Queue.State.PAUSED

        return self._change(request.name, change)

    def resume(self, request: ResumeQueueRequest) -> Queue:
        """ResumeQueue."""

        def change(queue: Queue) -> None:
            queue.state = Queue.State.RUNNING

        return self._change(request.name, change)

    def _change(self, name: str, change: Callable[[Queue], None]) -> Queue:
        check_queue_name("name", name)
        with self._storage.transaction():
            queue = self._known(name)
            change(queue)
            self._storage.put_queue(queue)
        self._dispatcher.nudge()
        return queue

    def _known(self, name: str) -> Queue:
        queue = self._storage.queue(name)
        if queue is None:
            raise no_queue(name)
        return queue

    def _add(self, wanted: Queue) -> Queue:
        ended = self._storage.queue_ended_at(wanted.name)
        if ended is not None and self._clock() < ended + self._settings.queue_name_seconds:
            raise Refused(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"The queue cannot be created because a queue with this name existed too recently: {wanted.name}",
            )
        queue = Queue(
            name=wanted.name,
            rate_limits=wanted.rate_limits,
            retry_config=wanted.retry_config,
            state=Queue.State.RUNNING,
            stackdriver_logging_config=wanted.stackdriver_logging_config,
        )
        _complete(queue)
        self._storage.put_queue(queue)
        return queue


def _complete(queue: Queue) -> None:
    queue.rate_limits = with_default_rates(queue.rate_limits)
    queue.retry_config = with_default_retries(queue.retry_config)
    if queue.retry_config.min_backoff > queue.retry_config.max_backoff:
        raise invalid("queue.retry_config.min_backoff", "must not be more than max_backoff")


def _is_path(path: str) -> bool:
    return bool(field_mask_pb2.FieldMask(paths=[path]).IsValidForDescriptor(Queue.pb().DESCRIPTOR))
