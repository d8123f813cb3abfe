"""Log lines as Cloud Logging reads them (cloud.google.com/logging/docs/structured-logging): one JSON object a line.

A line never holds what a person sent. An exception is told by its class and its frames: its message may quote a value.
"""

import json
import logging
import sys
import traceback
from typing import Any

from shared.telemetry import trace
from shared.telemetry.redaction import redacted

REQUESTS = logging.getLogger("cloudrun.requests")


class CloudFormatter(logging.Formatter):
    """`project` is the Google Cloud project that traces belong to; empty where there is none."""

    def __init__(self, project: str) -> None:
        super().__init__()
        self._project = project

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "message": redacted(record.getMessage()),
            "logger": record.name,
            **redacted(getattr(record, "fields", {})),
        }
        context = trace.current()
        if context is not None:
            entry["logging.googleapis.com/trace"] = (
                f"projects/{self._project}/traces/{context.trace_id}" if self._project else context.trace_id
            )
            entry["logging.googleapis.com/spanId"] = context.span_id
            entry["logging.googleapis.com/trace_sampled"] = context.sampled
        if record.exc_info and record.exc_info[1] is not None:
            entry["stack_trace"] = without_messages(record.exc_info[1])
        return json.dumps(entry, default=str)


def without_messages(error: BaseException) -> str:
    """A traceback in Python's own form, causes first, each exception named but not quoted."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = f"{without_messages(before)}\n\n" if before is not None else ""
    frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{told}Traceback (most recent call last):\n{frames}{type(error).__module__}.{type(error).__qualname__}"


def configure(project: str) -> None:
    """Every logger of this process writes such lines to standard output, from INFO on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(CloudFormatter(project))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def request_served(function: str, method: str, route: str, status: int, seconds: float) -> None:
    """One line for a request. `route` is the declared path with its placeholders: ids stay out of the log."""
    severity = logging.ERROR if status >= 500 else logging.INFO
    request = {"requestMethod": method, "requestUrl": route, "status": status, "latency": f"{seconds:.6f}s"}
    fields = {"function": function, "httpRequest": request}
    REQUESTS.log(severity, "%s %s %d", method, route, status, extra={"fields": fields})
