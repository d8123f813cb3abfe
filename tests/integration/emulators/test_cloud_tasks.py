"""The promises of docs/cloud-tasks-emulator.md, each through the unchanged client library and a real HTTP target."""

import base64
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud.tasks_v2 import CloudTasksClient, HttpMethod, Queue, Task
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.protobuf import duration_pb2, timestamp_pb2

from infra.emulators.cloud_tasks import Running, Settings, start

LOCATION = "projects/cloudrun-test/locations/europe-west1"
QUEUE = f"{LOCATION}/queues/orders"
BEGIN = 1_800_000_000.0


class Target:
    """An HTTP server that keeps what it is sent and answers what it is told."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Semaphore(0)
        self.open = self.most_open = 0
        self._lock = threading.Lock()
        target = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                target.receive(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def receive(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._lock:
            self.seen.append(
                {"method": request.command, "path": request.path, "headers": dict(request.headers), "body": body}
            )
            status = self.answers.pop(0) if self.answers else 200
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        self.arrived.release()
        self.gate.wait(10)
        with self._lock:
            self.open -= 1
        try:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
        except OSError:
            return

    def header(self, name: str) -> list[str]:
        return [entry["headers"][name] for entry in self.seen]

    def close(self) -> None:
        self.gate.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class World:
    """An emulator on a file with a clock that stands still until it is moved, and a client of it."""

    def __init__(self, file: Path, settings: Settings) -> None:
        self.file, self.settings, self.now = file, settings, BEGIN
        self.start()

    def start(self) -> None:
        self.running: Running = start(0, self.file, lambda: self.now, self.settings)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.running.port}")
        self.client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=self.channel))

    def stop(self) -> None:
        self.channel.close()
        self.running.stop(grace=0.2)

    def restart(self) -> None:
        self.stop()
        self.start()

    def move(self, seconds: float) -> None:
        self.now += seconds
        self.running.settle()

    def queue(self, name: str = QUEUE, **fields: Any) -> Queue:
        return self.client.create_queue(parent=LOCATION, queue=Queue(name=name, **fields))

    def task(self, url: str, name: str = "", queue: str = QUEUE, **fields: Any) -> Task:
        request = fields.pop("http_request", {})
        full = f"{queue}/tasks/{name}" if name else ""
        return self.client.create_task(
            parent=queue, task=Task(name=full, http_request={"url": url, **request}, **fields)
        )


@pytest.fixture
def target() -> Iterator[Target]:
    server = Target()
    yield server
    server.close()


@pytest.fixture
def world(tmp_path: Path, target: Target) -> Iterator[World]:
    emulator = World(tmp_path / "tasks.sqlite", Settings(shortest_deadline=0.1))
    yield emulator
    target.gate.set()
    emulator.stop()


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def retries(**fields: Any) -> dict[str, Any]:
    return {"min_backoff": timedelta(seconds=1), "max_backoff": timedelta(seconds=100), **fields}


def test_a_queue_is_created_with_the_services_defaults_and_read_back(world: World) -> None:
    made = world.queue()
    assert made == world.client.get_queue(name=QUEUE)
    assert made.state == Queue.State.RUNNING
    assert (made.rate_limits.max_dispatches_per_second, made.rate_limits.max_concurrent_dispatches) == (500, 1000)
    assert (made.retry_config.max_attempts, made.retry_config.max_doublings) == (100, 16)
    assert made.retry_config.min_backoff == timedelta(milliseconds=100)
    assert made.retry_config.max_backoff == timedelta(hours=1)


def test_a_queues_name_is_taken_while_it_lives_and_for_a_time_after_its_deletion(world: World) -> None:
    world.queue()
    with pytest.raises(exceptions.AlreadyExists):
        world.queue()
    world.client.delete_queue(name=QUEUE)
    with pytest.raises(exceptions.NotFound):
        world.client.get_queue(name=QUEUE)
    with pytest.raises(exceptions.FailedPrecondition, match="too recently"):
        world.queue()
    world.now += 3 * 86_400
    assert world.queue().name == QUEUE


def test_queues_are_listed_by_page_and_by_location(world: World) -> None:
    names = [f"{LOCATION}/queues/q{number}" for number in range(5)]
    for name in names:
        world.queue(name)
    pager = world.client.list_queues(request={"parent": LOCATION, "page_size": 2})
    assert [queue.name for queue in pager] == names
    assert not list(world.client.list_queues(parent="projects/cloudrun-test/locations/europe-west"))


def test_an_update_changes_what_its_mask_names_and_creates_a_missing_queue(world: World) -> None:
    first = world.client.update_queue(queue=Queue(name=QUEUE, retry_config=retries(max_attempts=7)))
    assert first.retry_config.max_attempts == 7
    wanted = Queue(name=QUEUE, retry_config={"max_attempts": 9}, rate_limits={"max_dispatches_per_second": 3})
    mask = {"paths": ["rate_limits.max_dispatches_per_second", "retry_config.max_doublings"]}
    second = world.client.update_queue(queue=wanted, update_mask=mask)
    assert (second.rate_limits.max_dispatches_per_second, second.rate_limits.max_burst_size) == (3, 3)
    assert (second.retry_config.max_attempts, second.retry_config.max_doublings) == (7, 0)
    assert world.client.get_queue(name=QUEUE) == second
    with pytest.raises(exceptions.InvalidArgument, match=r"update_mask.*state"):
        world.client.update_queue(queue=wanted, update_mask={"paths": ["state"]})


def test_a_task_is_sent_with_its_method_headers_body_and_query(world: World, target: Target) -> None:
    world.queue()
    request = {
        "http_method": HttpMethod.PUT,
        "headers": {"Content-Type": "application/json", "X-Own": "1", "User-Agent": "mine", "Host": "elsewhere"},
        "body": b'{"id": 1}',
    }
    world.task(f"{target.url}/orders/ä b?x=1&y=%20", http_request=request)
    world.running.settle()
    (sent,) = target.seen
    assert (sent["method"], sent["path"], sent["body"]) == ("PUT", "/orders/%C3%A4%20b?x=1&y=%20", b'{"id": 1}')
    assert (sent["headers"]["Content-Type"], sent["headers"]["X-Own"]) == ("application/json", "1")
    assert sent["headers"]["User-Agent"] == "Google-Cloud-Tasks"
    assert sent["headers"]["Host"] == target.url.removeprefix("http://")


def test_an_attempt_says_which_task_it_is_how_often_it_was_tried_and_when_it_was_due(
    world: World, target: Target
) -> None:
    world.queue(retry_config=retries())
    target.answers = [500, 503]
    world.task(target.url, "first-1", schedule_time=at(BEGIN - 60))
    world.running.settle()
    world.move(1)
    world.move(2)
    assert set(target.header("X-CloudTasks-QueueName")) == {"orders"}
    assert set(target.header("X-CloudTasks-TaskName")) == {"first-1"}
    assert target.header("X-CloudTasks-TaskRetryCount") == ["0", "1", "2"]
    assert target.header("X-CloudTasks-TaskExecutionCount") == ["0", "1", "2"]
    assert [float(eta) for eta in target.header("X-CloudTasks-TaskETA")] == [BEGIN, BEGIN + 1, BEGIN + 3]


def test_an_attempt_without_an_answer_counts_as_a_retry_and_not_as_an_execution(world: World, target: Target) -> None:
    world.queue(retry_config=retries())
    target.gate.clear()
    world.task(target.url, dispatch_deadline=timedelta(milliseconds=400))
    world.running.settle()
    target.gate.set()
    world.move(1)
    assert target.header("X-CloudTasks-TaskRetryCount") == ["0", "1"]
    assert target.header("X-CloudTasks-TaskExecutionCount") == ["0", "0"]


def test_an_oidc_token_is_a_bearer_token_with_the_accounts_claims(world: World, target: Target) -> None:
    world.queue()
    token = {"service_account_email": "tasks@cloudrun-test.iam.gserviceaccount.com", "audience": "https://api"}
    world.task(target.url, http_request={"oidc_token": token, "headers": {"authorization": "mine"}})
    world.task(f"{target.url}/x", http_request={"oidc_token": {**token, "audience": ""}})
    world.running.settle()
    found = {}
    for sent in target.seen:
        (value,) = [value for name, value in sent["headers"].items() if name.lower() == "authorization"]
        kind, _, jwt = value.partition(" ")
        header, payload, signature = jwt.split(".")
        assert (kind, signature) == ("Bearer", "")
        assert json.loads(base64.urlsafe_b64decode(header + "=="))["alg"] == "none"
        found[sent["path"]] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert (found["/"]["aud"], found["/x"]["aud"]) == ("https://api", f"{target.url}/x")
    assert found["/"]["email"] == token["service_account_email"]
    assert found["/"]["exp"] == BEGIN + 3600


def test_tokens_come_from_the_signer_that_the_emulator_is_given(tmp_path: Path, target: Target) -> None:
    world = World(tmp_path / "tasks.sqlite", Settings(signer=lambda claims: f"signed-for-{claims['email']}"))
    world.queue()
    world.task(target.url, http_request={"oidc_token": {"service_account_email": "a@b"}})
    world.running.settle()
    world.stop()
    assert target.header("Authorization") == ["Bearer signed-for-a@b"]


def test_a_task_waits_for_its_schedule_time(world: World, target: Target) -> None:
    world.queue()
    world.task(target.url, schedule_time=at(BEGIN + 60))
    world.move(59)
    assert not target.seen
    world.move(1)
    assert len(target.seen) == 1


def test_the_loop_sends_a_due_task_without_being_asked(world: World, target: Target) -> None:
    world.queue()
    world.task(target.url)
    assert target.arrived.acquire(timeout=5)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_any_2xx_completes_a_task(world: World, target: Target, status: int) -> None:
    world.queue()
    target.answers = [status]
    made = world.task(target.url)
    world.running.settle()
    assert not list(world.client.list_tasks(parent=QUEUE))
    with pytest.raises(exceptions.NotFound, match="existed recently"):
        world.client.get_task(name=made.name)


@pytest.mark.parametrize("status", [302, 404, 429, 500])
def test_any_other_answer_is_a_failure_that_is_kept_on_the_task(world: World, target: Target, status: int) -> None:
    world.queue()
    target.answers = [status]
    made = world.task(target.url)
    world.running.settle()
    task = world.client.get_task(name=made.name)
    assert (task.dispatch_count, task.response_count) == (1, 1)
    assert str(status) in task.last_attempt.response_status.message


def test_a_tasks_name_is_taken_while_it_lives(world: World, target: Target) -> None:
    world.queue()
    world.task(target.url, "one", schedule_time=at(BEGIN + 60))
    with pytest.raises(exceptions.AlreadyExists):
        world.task(target.url, "one")


@pytest.mark.parametrize("ending", ["completed", "deleted", "purged"])
def test_a_tasks_name_stays_taken_after_its_end_for_the_set_time(world: World, target: Target, ending: str) -> None:
    world.queue()
    due = BEGIN + (0 if ending == "completed" else 60)
    made = world.task(target.url, "one", schedule_time=at(due))
    if ending == "deleted":
        world.client.delete_task(name=made.name)
    if ending == "purged":
        world.client.purge_queue(name=QUEUE)
    world.running.settle()
    world.now = BEGIN + 86_399
    with pytest.raises(exceptions.AlreadyExists, match="too recently"):
        world.task(target.url, "one")
    world.now = BEGIN + 86_400
    assert world.task(target.url, "one").name == made.name


def test_unnamed_tasks_get_names_of_their_own(world: World, target: Target) -> None:
    world.queue()
    made = {world.task(target.url).name for _ in range(20)}
    assert len(made) == 20
    assert all(name.startswith(f"{QUEUE}/tasks/") for name in made)


def test_a_body_is_shown_only_in_the_full_view(world: World, target: Target) -> None:
    world.queue()
    made = world.task(target.url, schedule_time=at(BEGIN + 60), http_request={"body": b"secret"})
    assert (made.view, made.http_request.body) == (Task.View.BASIC, b"")
    full = world.client.get_task(request={"name": made.name, "response_view": Task.View.FULL})
    assert (full.view, full.http_request.body) == (Task.View.FULL, b"secret")
    assert (full.http_request.http_method, full.dispatch_deadline) == (HttpMethod.POST, timedelta(minutes=10))


def test_tasks_are_listed_by_page(world: World, target: Target) -> None:
    world.queue()
    made = [world.task(target.url, schedule_time=at(BEGIN + 60)).name for _ in range(5)]
    pager = world.client.list_tasks(request={"parent": QUEUE, "page_size": 2})
    assert [task.name for task in pager] == made
    for token in ("x", "9" * 40):
        with pytest.raises(exceptions.InvalidArgument, match="page_token"):
            world.client.list_tasks(request={"parent": QUEUE, "page_token": token})


def test_a_deleted_task_is_not_sent(world: World, target: Target) -> None:
    world.queue()
    made = world.task(target.url, schedule_time=at(BEGIN + 60))
    world.client.delete_task(name=made.name)
    world.move(60)
    assert not target.seen
    with pytest.raises(exceptions.NotFound):
        world.client.delete_task(name=made.name)


def test_a_paused_queue_takes_tasks_and_sends_them_when_it_is_resumed(world: World, target: Target) -> None:
    world.queue()
    assert world.client.pause_queue(name=QUEUE).state == Queue.State.PAUSED
    world.task(target.url)
    world.running.settle()
    assert not target.seen
    assert world.client.resume_queue(name=QUEUE).state == Queue.State.RUNNING
    world.running.settle()
    assert len(target.seen) == 1


def test_a_purge_deletes_the_tasks_there_are_and_none_that_come_later(world: World, target: Target) -> None:
    world.queue()
    for _ in range(3):
        world.task(target.url, schedule_time=at(BEGIN + 60))
    assert world.client.purge_queue(name=QUEUE).purge_time == at(BEGIN)
    assert not list(world.client.list_tasks(parent=QUEUE))
    world.task(target.url)
    world.move(60)
    assert len(target.seen) == 1


def test_retries_back_off_by_doubling_then_by_equal_steps_up_to_the_longest(world: World, target: Target) -> None:
    """The example of the API's own description: 10 s, 300 s and 3 doublings."""
    config = retries(min_backoff=timedelta(seconds=10), max_backoff=timedelta(seconds=300), max_doublings=3)
    world.queue(retry_config=config)
    target.answers = [500] * 9
    made = world.task(target.url)
    world.running.settle()
    due = [BEGIN]
    for _ in range(8):
        due.append(world.client.get_task(name=made.name).schedule_time.timestamp())
        world.move(due[-1] - world.now - 0.5)
        assert len(target.seen) == len(due) - 1
        world.move(0.5)
    assert [after - before for before, after in pairwise(due)] == [10, 20, 40, 80, 160, 240, 300, 300]


def test_a_task_is_given_up_after_its_last_attempt(world: World, target: Target) -> None:
    world.queue(retry_config=retries(max_attempts=3))
    target.answers = [500] * 9
    made = world.task(target.url)
    for _ in range(5):
        world.move(100)
    assert len(target.seen) == 3
    with pytest.raises(exceptions.NotFound):
        world.client.get_task(name=made.name)


def test_a_task_is_given_up_only_when_its_attempts_and_its_time_are_used_up(world: World, target: Target) -> None:
    world.queue(retry_config=retries(max_attempts=2, max_retry_duration=timedelta(seconds=10), max_doublings=1))
    target.answers = [500] * 9
    world.task(target.url)
    world.running.settle()
    for _ in range(40):
        world.move(1)
    # At 0, 1, 3, 7 and 13 s: the first attempt at or after the tenth second is the last.
    assert [float(eta) - BEGIN for eta in target.header("X-CloudTasks-TaskETA")] == [0, 1, 3, 7, 13]


def test_a_tasks_own_retry_config_comes_before_its_queues(world: World, target: Target) -> None:
    world.queue(retry_config=retries(max_attempts=9))
    target.answers = [500] * 9
    world.task(target.url, retry_config={"max_attempts": 2})
    for _ in range(5):
        world.move(100)
    assert len(target.seen) == 2


def test_a_queue_sends_no_more_in_a_second_than_its_rate(world: World, target: Target) -> None:
    world.queue(rate_limits={"max_dispatches_per_second": 2})
    for _ in range(7):
        world.task(target.url)
    world.running.settle()
    sent = [len(target.seen)]
    for _ in range(4):
        world.move(0.5)
        sent.append(len(target.seen))
    world.move(10)
    assert sent == [2, 3, 4, 5, 6]
    assert len(target.seen) == 7


def test_a_queue_has_no_more_attempts_open_than_its_limit(world: World, target: Target) -> None:
    world.queue(rate_limits={"max_concurrent_dispatches": 3})
    target.gate.clear()
    for _ in range(8):
        world.task(target.url)
    for _ in range(3):
        assert target.arrived.acquire(timeout=5)
    assert not target.arrived.acquire(timeout=0.2)
    target.gate.set()
    world.running.settle()
    assert (len(target.seen), target.most_open) == (8, 3)


def test_an_attempt_past_its_deadline_fails_and_is_tried_again(world: World, target: Target) -> None:
    world.queue(retry_config=retries())
    target.gate.clear()
    made = world.task(target.url, dispatch_deadline=timedelta(milliseconds=400))
    world.running.settle()
    task = world.client.get_task(name=made.name)
    assert task.last_attempt.response_status.code == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
    assert (task.dispatch_count, task.response_count) == (1, 0)
    target.gate.set()
    world.move(1)
    assert len(target.seen) == 2
    assert not list(world.client.list_tasks(parent=QUEUE))


def test_a_target_that_is_down_is_tried_again(world: World, target: Target) -> None:
    world.queue(retry_config=retries())
    made = world.task("http://127.0.0.1:1/")
    world.running.settle()
    task = world.client.get_task(name=made.name)
    assert (task.dispatch_count, task.response_count) == (1, 0)
    assert task.schedule_time == at(BEGIN + 1)


def test_run_sends_a_task_now_though_its_queue_is_paused_and_it_is_not_due(world: World, target: Target) -> None:
    world.queue(retry_config=retries(max_doublings=1))
    world.client.pause_queue(name=QUEUE)
    target.answers = [500]
    made = world.task(target.url, schedule_time=at(BEGIN + 600))
    assert world.client.run_task(name=made.name).dispatch_count == 1
    world.running.settle()
    assert world.client.get_task(name=made.name).schedule_time == at(BEGIN + 1)
    world.client.run_task(name=made.name)
    world.running.settle()
    assert len(target.seen) == 2
    with pytest.raises(exceptions.NotFound):
        world.client.run_task(name=made.name)


def test_run_sends_a_task_that_is_being_attempted_a_second_time(world: World, target: Target) -> None:
    world.queue(rate_limits={"max_concurrent_dispatches": 1})
    target.gate.clear()
    made = world.task(target.url)
    assert target.arrived.acquire(timeout=5)
    assert world.client.run_task(name=made.name).dispatch_count == 2
    assert target.arrived.acquire(timeout=5)
    target.gate.set()
    world.running.settle()
    assert (len(target.seen), target.most_open) == (2, 2)


def test_a_task_deleted_during_its_attempt_is_not_tried_again(world: World, target: Target) -> None:
    world.queue()
    target.gate.clear()
    target.answers = [500]
    made = world.task(target.url)
    assert target.arrived.acquire(timeout=5)
    world.client.delete_task(name=made.name)
    target.gate.set()
    world.move(100)
    assert len(target.seen) == 1


def test_the_end_of_an_old_attempt_does_not_end_a_new_task_of_the_same_name(world: World, target: Target) -> None:
    world.queue(retry_config=retries())
    target.gate.clear()
    target.answers = [200, 500]
    made = world.task(target.url, "one")
    assert target.arrived.acquire(timeout=5)
    world.client.delete_task(name=made.name)
    world.now += 86_400
    world.task(target.url, "one")
    assert target.arrived.acquire(timeout=5)
    target.gate.set()
    world.running.settle()
    assert world.client.get_task(name=made.name).schedule_time == at(world.now + 1)


def test_a_signer_that_fails_fails_the_attempt(tmp_path: Path, target: Target) -> None:
    def failing(claims: dict[str, Any]) -> str:
        raise KeyError("no key")

    world = World(tmp_path / "tasks.sqlite", Settings(signer=failing))
    world.queue(retry_config=retries())
    made = world.task(target.url, http_request={"oidc_token": {"service_account_email": "a@b"}})
    world.running.settle()
    task = world.client.get_task(name=made.name)
    world.stop()
    assert not target.seen
    assert (task.dispatch_count, task.schedule_time) == (1, at(BEGIN + 1))
    assert "no key" in task.last_attempt.response_status.message


def test_a_restart_on_the_same_file_loses_nothing(world: World, target: Target) -> None:
    queue = world.queue(retry_config=retries(max_attempts=5))
    world.client.pause_queue(name=QUEUE)
    later = world.task(target.url, "later", schedule_time=at(BEGIN + 60), http_request={"body": b"kept"})
    done = world.task(target.url, "done")
    world.client.run_task(name=done.name)
    world.running.settle()
    world.restart()
    assert world.client.get_queue(name=QUEUE).state == Queue.State.PAUSED
    assert world.client.get_queue(name=QUEUE).retry_config == queue.retry_config
    assert world.client.get_task(name=later.name) == later
    with pytest.raises(exceptions.AlreadyExists):
        world.task(target.url, "done")
    world.client.resume_queue(name=QUEUE)
    world.move(60)
    assert target.seen[-1]["body"] == b"kept"


def test_an_attempt_that_a_stop_has_cut_is_made_again_after_the_start(world: World, target: Target) -> None:
    world.queue(retry_config=retries(max_attempts=1))
    target.gate.clear()
    made = world.task(target.url)
    assert target.arrived.acquire(timeout=5)
    world.stop()
    target.gate.set()
    world.start()
    world.running.settle()
    assert target.header("X-CloudTasks-TaskRetryCount") == ["0", "1"]
    with pytest.raises(exceptions.NotFound, match="existed recently"):
        world.client.get_task(name=made.name)


def test_what_was_answered_is_in_the_file_when_the_process_is_killed(tmp_path: Path, target: Target) -> None:
    file = tmp_path / "tasks.sqlite"
    command = [sys.executable, "-m", "infra.emulators.cloud_tasks", "--port", "0", "--file", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().split(",")[0].rpartition(":")[2]
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
                client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE))
                task = Task(http_request={"url": target.url}, schedule_time=at(time.time() + 600))
                made = client.create_task(parent=QUEUE, task=task)
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    start(0, file)
        finally:
            process.kill()
    world = World(file, Settings())
    assert world.client.get_task(name=made.name) == made
    world.stop()


def test_two_emulators_cannot_have_one_port(world: World, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="bind"):
        start(world.running.port, tmp_path / "other.sqlite")


def test_the_command_line_ends_cleanly_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.emulators.cloud_tasks", "--port", "0", "--file", str(tmp_path / "f")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("Cloud Tasks emulator on 127.0.0.1:")
            process.terminate()
            assert process.communicate(timeout=10) == ("", "")
            assert process.returncode == 0
        finally:
            process.kill()


def without_http(task: dict[str, Any]) -> None:
    del task["http_request"]


WRONG: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("task.http_request: is required", without_http),
    ("task.http_request.url", lambda task: task["http_request"].update(url="ftp://x")),
    ("task.http_request.url", lambda task: task["http_request"].update(url="http://:99999999/")),
    ("task.http_request.url", lambda task: task["http_request"].update(url="http://x/" + "a" * 2083)),
    ("task.http_request.body", lambda task: task["http_request"].update(body=b"x", http_method=HttpMethod.GET)),
    ("task.http_request.headers", lambda task: task["http_request"].update(headers={"X": "a\r\nY: b"})),
    ("task.http_request.oidc_token", lambda task: task["http_request"].update(oidc_token={"audience": "x"})),
    ("task.name", lambda task: task.update(name="one")),
    ("task.name", lambda task: task.update(name=f"{LOCATION}/queues/other/tasks/one")),
    ("task.schedule_time", lambda task: task.update(schedule_time=at(BEGIN + 31 * 86_400))),
    ("task.schedule_time", lambda task: task.update(schedule_time=timestamp_pb2.Timestamp(seconds=10**15))),
    ("task.dispatch_deadline", lambda task: task.update(dispatch_deadline=duration_pb2.Duration(seconds=1801))),
    ("task.retry_config.max_attempts", lambda task: task.update(retry_config={"max_attempts": -2})),
    ("task: must not be larger", lambda task: task["http_request"].update(body=b"x" * 1_048_577)),
]


@pytest.mark.parametrize(("field", "spoil"), WRONG)
def test_a_task_that_is_wrong_is_refused_with_the_name_of_the_field(
    world: World, target: Target, field: str, spoil: Callable[[dict[str, Any]], Any]
) -> None:
    world.queue()
    task: dict[str, Any] = {"http_request": {"url": target.url}}
    spoil(task)
    with pytest.raises(exceptions.InvalidArgument) as refused:
        world.client.create_task(parent=QUEUE, task=Task(**task))
    assert refused.value.message.startswith(field)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("queue.name", {"name": f"{LOCATION}/queues/no_underscores"}),
        ("queue.name", {"name": "projects/p/locations/l/queues/elsewhere"}),
        ("queue.rate_limits.max_dispatches_per_second", {"rate_limits": {"max_dispatches_per_second": 501}}),
        ("queue.rate_limits.max_concurrent_dispatches", {"rate_limits": {"max_concurrent_dispatches": 5001}}),
        ("queue.retry_config.max_attempts", {"retry_config": {"max_attempts": -2}}),
        ("queue.retry_config.min_backoff", {"retry_config": retries(min_backoff=timedelta(seconds=101))}),
        ("queue.retry_config.min_backoff", {"retry_config": {"max_backoff": timedelta(milliseconds=10)}}),
    ],
)
def test_a_queue_that_is_wrong_is_refused_with_the_name_of_the_field(
    world: World, field: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(exceptions.InvalidArgument) as refused:
        world.queue(**fields)
    assert refused.value.message.startswith(field)
    assert not list(world.client.list_queues(parent=LOCATION))


def test_what_is_not_there_is_not_found(world: World, target: Target) -> None:
    client = world.client
    for call in (client.get_queue, client.delete_queue, client.pause_queue, client.resume_queue, client.purge_queue):
        with pytest.raises(exceptions.NotFound, match=QUEUE):
            call(name=QUEUE)
    with pytest.raises(exceptions.NotFound):
        world.task(target.url)
    with pytest.raises(exceptions.NotFound):
        list(client.list_tasks(parent=QUEUE))
    for call in (client.get_task, client.delete_task, client.run_task):
        with pytest.raises(exceptions.NotFound, match="does not exist"):
            call(name=f"{QUEUE}/tasks/one")


def test_what_the_emulator_leaves_out_is_refused_and_not_ignored(world: World, target: Target) -> None:
    world.queue()
    with pytest.raises(exceptions.MethodNotImplemented, match="oauth_token"):
        world.task(target.url, http_request={"oauth_token": {"service_account_email": "a@b"}})
    with pytest.raises(exceptions.MethodNotImplemented, match="http_target"):
        world.queue(f"{LOCATION}/queues/other", http_target={"http_method": HttpMethod.PUT})
    with pytest.raises(exceptions.MethodNotImplemented, match="filter"):
        list(world.client.list_queues(request={"parent": LOCATION, "filter": "state: PAUSED"}))
    with pytest.raises(exceptions.MethodNotImplemented):
        world.client.get_iam_policy(request={"resource": QUEUE})
