"""The calls about tasks."""

import re
import uuid
from datetime import timedelta

import grpc
from google.cloud.tasks_v2.types import (
    CreateTaskRequest,
    DeleteTaskRequest,
    GetTaskRequest,
    HttpMethod,
    ListTasksRequest,
    ListTasksResponse,
    RunTaskRequest,
    Task,
)
from google.protobuf import empty_pb2

from infra.emulators.cloud_tasks.checks import check_page, check_queue_name, check_task, check_task_name
from infra.emulators.cloud_tasks.dispatcher import Dispatcher, moment
from infra.emulators.cloud_tasks.errors import Refused, invalid, no_queue, no_task
from infra.emulators.cloud_tasks.settings import Clock, Settings
from infra.emulators.cloud_tasks.storage import Row, Storage

LARGEST_PAGE = 1000
DEFAULT_DEADLINE = timedelta(minutes=10)


class Tasks:
    """Each method answers one call of the API."""

    def __init__(self, storage: Storage, dispatcher: Dispatcher, clock: Clock, settings: Settings) -> None:
        self._storage, self._dispatcher, self._clock, self._settings = storage, dispatcher, clock, settings

    def create(self, request: CreateTaskRequest) -> Task:
        """CreateTask: refused with ALREADY_EXISTS while the name is in use and for a time after."""
        check_queue_name("parent", request.parent)
        now = self._clock()
        shortest = timedelta(seconds=self._settings.shortest_deadline)
        check_task(request.task, request.parent, moment(now), shortest)
        task = _new(request.task, request.parent, now)
        with self._storage.transaction():
            if self._storage.queue(request.parent) is None:
                raise no_queue(request.parent)
            self._storage.forget_tasks(now - self._settings.task_name_seconds)
            if self._storage.task(task.name) is not None or self._has_ended(task.name):
                raise Refused(
                    grpc.StatusCode.ALREADY_EXISTS,
                    f"The task cannot be created because a task with this name existed too recently: {task.name}",
                )
            self._storage.add_task(request.parent, task)
        self._dispatcher.nudge()
        return _seen(task, request.response_view)

    def get(self, request: GetTaskRequest) -> Task:
        """GetTask."""
        check_task_name("name", request.name)
        with self._storage.transaction():
            return _seen(self._known(request.name).task, request.response_view)

    def list(self, request: ListTasksRequest) -> ListTasksResponse:
        """ListTasks, in the order of creation; the page token is the last task's number."""
        check_queue_name("parent", request.parent)
        size = check_page(request.page_size, LARGEST_PAGE)
        if request.page_token and not re.fullmatch(r"[0-9]{1,18}", request.page_token):
            raise invalid("page_token", "is not one that ListTasks has answered")
        with self._storage.transaction():
            if self._storage.queue(request.parent) is None:
                raise no_queue(request.parent)
            rows = self._storage.tasks(request.parent, int(request.page_token or 0), size + 1)
        token = str(rows[size - 1].number) if len(rows) > size else ""
        seen = [_seen(row.task, request.response_view) for row in rows[:size]]
        return ListTasksResponse(tasks=seen, next_page_token=token)

    def delete(self, request: DeleteTaskRequest) -> empty_pb2.Empty:
        """DeleteTask; an attempt that is open goes on, and no other follows it."""
        check_task_name("name", request.name)
        with self._storage.transaction():
            self._storage.end_task(self._known(request.name), self._clock())
        return empty_pb2.Empty()

    def run(self, request: RunTaskRequest) -> Task:
        """RunTask: an attempt now, also when the queue is paused or at its limits, or the task is being attempted."""
        check_task_name("name", request.name)
        with self._storage.transaction():
            number = self._known(request.name).number
        row = self._dispatcher.run_now(number)
        if row is None:
            raise no_task(request.name, existed=True)
        return _seen(row.task, request.response_view)

    def _known(self, name: str) -> Row:
        row = self._storage.task(name)
        if row is None:
            raise no_task(name, existed=self._has_ended(name))
        return row

    def _has_ended(self, name: str) -> bool:
        return self._storage.task_has_ended(name, self._clock() - self._settings.task_name_seconds)


def _new(wanted: Task, queue: str, now: float) -> Task:
    """The task as it is stored: output-only fields are the emulator's, whatever the request had in them."""
    task = Task(
        name=wanted.name or f"{queue}/tasks/{uuid.uuid4().int % 10**20}",
        http_request=wanted.http_request,
        schedule_time=max(wanted.schedule_time, moment(now)) if "schedule_time" in wanted else moment(now),
        create_time=moment(now).replace(microsecond=0),
        dispatch_deadline=wanted.dispatch_deadline if "dispatch_deadline" in wanted else DEFAULT_DEADLINE,
    )
    if "retry_config" in wanted:
        task.retry_config = wanted.retry_config
    if task.http_request.http_method == HttpMethod.HTTP_METHOD_UNSPECIFIED:
        task.http_request.http_method = HttpMethod.POST
    return task


def _seen(task: Task, view: Task.View) -> Task:
    """A copy as the caller asked to see it: the basic view has no body."""
    seen = Task()
    Task.copy_from(seen, task)
    seen.view = Task.View.FULL if view == Task.View.FULL else Task.View.BASIC
    if seen.view == Task.View.BASIC:
        seen.http_request.body = b""
    return seen
