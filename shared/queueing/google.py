"""Named tasks in Cloud Tasks: each an HTTP call with a token of the account that Cloud Tasks calls with."""

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.api_core.exceptions import AlreadyExists, GoogleAPICallError
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.cloud.tasks_v2.types import HttpRequest, OidcToken, Task

from shared.queueing.protocol import NamedTask
from shared.telemetry.trace import HEADER

PATIENCE_S = 5.0
AT_ONCE = 8
"""Cloud Tasks takes one task a call, and a minute of a region has twenty-two slots."""


class CloudTasks:
    """`targets` are the addresses of the services by the path of their function, `caller` is the account whose token the
    calls carry. `CLOUD_TASKS_EMULATOR_HOST` leads to an emulator instead of the service."""

    def __init__(self, project: str, region: str, targets: Mapping[str, str], caller: str) -> None:
        self._client = open_client()
        self._parent = f"projects/{project}/locations/{region}/queues"
        self._targets = targets
        self._caller = caller
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cloud-tasks")

    def create(self, tasks: Sequence[NamedTask]) -> list[Exception | None]:
        """Raises KeyError for a path that no queue calls."""
        requests = [self._request(task) for task in tasks]
        return [self._create(requests[0])] if len(requests) == 1 else list(self._threads.map(self._create, requests))

    def _request(self, task: NamedTask) -> Task:
        service = self._targets[task.path.partition("?")[0]]
        request = HttpRequest(
            url=f"{service}{task.path}",
            headers={"Content-Type": "application/json"} | ({HEADER: task.traceparent} if task.traceparent else {}),
            body=json.dumps(task.body).encode(),
            oidc_token=OidcToken(service_account_email=self._caller, audience=service),
        )
        return Task(name=f"{self._parent}/{task.queue}/tasks/{task.name}", schedule_time=task.at, http_request=request)

    def _create(self, task: Task) -> Exception | None:
        try:
            self._client.create_task(
                parent=task.name.partition("/tasks/")[0], task=task, retry=None, timeout=PATIENCE_S
            )
        except AlreadyExists:
            return None  # whoever used the name first has asked for the same
        except GoogleAPICallError as error:
            return error
        return None


def open_client() -> CloudTasksClient:
    if emulator := os.environ.get("CLOUD_TASKS_EMULATOR_HOST"):
        return CloudTasksClient(transport=CloudTasksGrpcTransport(channel=grpc.insecure_channel(emulator)))
    return CloudTasksClient()
