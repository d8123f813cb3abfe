"""What a request has to look like. Each refusal names the field.

Formats and limits: https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2 and
https://cloud.google.com/tasks/docs/quotas.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from google.cloud.tasks_v2.types import HttpMethod, HttpRequest, Queue, RetryConfig, Task

from infra.emulators.cloud_tasks.errors import invalid, unsupported

LOCATION = r"projects/[A-Za-z0-9.:-]+/locations/[A-Za-z0-9-]+"
QUEUE = rf"{LOCATION}/queues/[A-Za-z0-9-]{{1,100}}"
TASK = rf"{QUEUE}/tasks/[A-Za-z0-9_-]{{1,500}}"
LONGEST_URL = 2083
LARGEST_TASK = 1_048_576
LARGEST_HEADERS = 80 * 1024
LONGEST_DEADLINE = timedelta(minutes=30)
FURTHEST = timedelta(days=30)
WITH_BODY = (HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)


def check_name(field: str, value: str, pattern: str, shape: str) -> None:
    """A resource name of the given form."""
    if not re.fullmatch(pattern, value):
        raise invalid(field, f"{value!r} is not of the form {shape}")


def check_location_name(field: str, value: str) -> None:
    """The name of a location."""
    check_name(field, value, LOCATION, "projects/PROJECT_ID/locations/LOCATION_ID")


def check_queue_name(field: str, value: str) -> None:
    """The name of a queue."""
    check_name(field, value, QUEUE, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID")


def check_task_name(field: str, value: str) -> None:
    """The name of a task."""
    check_name(field, value, TASK, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID/tasks/TASK_ID")


def check_page(size: int, largest: int) -> int:
    """How many results a page has: what was asked for, up to the largest."""
    if size < 0:
        raise invalid("page_size", "must not be negative")
    return min(size or largest, largest)


def check_queue(queue: Queue) -> None:
    """Everything about a queue but its name."""
    for field in ("app_engine_routing_override", "http_target"):
        if field in queue:
            raise unsupported(f"queue.{field}")
    limits = queue.rate_limits
    if not 0 <= limits.max_dispatches_per_second <= 500:
        raise invalid("queue.rate_limits.max_dispatches_per_second", "must be from 0 to 500")
    if not 0 <= limits.max_concurrent_dispatches <= 5000:
        raise invalid("queue.rate_limits.max_concurrent_dispatches", "must be from 0 to 5000")
    check_retries("queue.retry_config", queue.retry_config)


def check_retries(field: str, config: RetryConfig) -> None:
    """A RetryConfig, of a queue or of a task."""
    if config.max_attempts < -1:
        raise invalid(f"{field}.max_attempts", "must be at least -1")
    if config.max_doublings < 0:
        raise invalid(f"{field}.max_doublings", "must not be negative")
    for name in ("max_retry_duration", "min_backoff", "max_backoff"):
        if name in config and getattr(config, name) < timedelta(0):
            raise invalid(f"{field}.{name}", "must not be negative")
    if "min_backoff" in config and "max_backoff" in config and config.min_backoff > config.max_backoff:
        raise invalid(f"{field}.min_backoff", "must not be more than max_backoff")


def check_task(task: Task, queue: str, now: datetime, shortest_deadline: timedelta) -> None:
    """A task that is to be created in a queue."""
    if task.name:
        check_task_name("task.name", task.name)
        if not task.name.startswith(f"{queue}/tasks/"):
            raise invalid("task.name", f"{task.name!r} is not in the queue {queue!r}, the parent")
    if "app_engine_http_request" in task:
        raise unsupported("task.app_engine_http_request")
    if "http_request" not in task:
        raise invalid("task.http_request", "is required")
    check_request(task.http_request)
    check_retries("task.retry_config", task.retry_config)
    _check_schedule(task, now)
    if "dispatch_deadline" in task and not shortest_deadline <= task.dispatch_deadline <= LONGEST_DEADLINE:
        seconds = f"{shortest_deadline.total_seconds():g} s to {LONGEST_DEADLINE.total_seconds():g} s"
        raise invalid("task.dispatch_deadline", f"must be from {seconds}")
    if len(Task.serialize(task)) > LARGEST_TASK:
        raise invalid("task", f"must not be larger than {LARGEST_TASK} bytes")


def check_request(request: HttpRequest) -> None:
    """The request that a task makes."""
    _check_url(request.url)
    if request.body and request.http_method not in (HttpMethod.HTTP_METHOD_UNSPECIFIED, *WITH_BODY):
        raise invalid("task.http_request.body", "is allowed only with the methods POST, PUT and PATCH")
    _check_headers(dict(request.headers))
    if "oauth_token" in request:
        raise unsupported("task.http_request.oauth_token")
    if "oidc_token" in request and not request.oidc_token.service_account_email:
        raise invalid("task.http_request.oidc_token.service_account_email", "is required")


def _check_schedule(task: Task, now: datetime) -> None:
    # Seconds are compared before they are made a datetime, which ends with the year 9999.
    seconds = Task.pb(task).schedule_time.seconds
    if not 0 <= seconds <= (now + FURTHEST).timestamp():
        raise invalid("task.schedule_time", "must be within 30 days from now")


def _check_url(url: str) -> None:
    field = "task.http_request.url"
    if not url.startswith(("http://", "https://")):
        raise invalid(field, 'must begin with "http://" or "https://"')
    if len(url) > LONGEST_URL:
        raise invalid(field, f"must not be longer than {LONGEST_URL} characters")
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise invalid(field, "has no valid host and port")


def _check_headers(headers: dict[str, str]) -> None:
    field = "task.http_request.headers"
    if sum(len(name) + len(value) for name, value in headers.items()) >= LARGEST_HEADERS:
        raise invalid(field, "must be smaller than 80 KB")
    for name, value in headers.items():
        # Names and values as in RFC 9110, section 5.
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise invalid(field, f"{name!r} is not a header's name")
        if not re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value):
            raise invalid(field, f"the value of {name!r} has a character that headers cannot have")
