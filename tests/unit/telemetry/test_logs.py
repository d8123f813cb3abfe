"""Log lines in Cloud Logging's form, which never hold what a person sent."""

import json
import logging

from shared.telemetry import trace
from shared.telemetry.logs import CloudFormatter, without_messages


def line(record: logging.LogRecord) -> dict[str, object]:
    return dict(json.loads(CloudFormatter("market-test").format(record)))


def failed(value: str) -> Exception:
    try:
        raise ValueError(f"cannot read {value}")
    except ValueError as error:
        try:
            raise RuntimeError(f"gave up on {value}") from error
        except RuntimeError as second:
            return second


def test_an_exception_is_told_by_its_classes_and_frames_and_never_by_what_it_quotes() -> None:
    told = without_messages(failed("alex@example.com"))
    assert "alex" not in told
    assert told.index("builtins.ValueError") < told.index("builtins.RuntimeError")
    assert "test_logs.py" in told


def test_a_record_with_an_exception_carries_its_trace_as_a_stack_trace() -> None:
    error = failed("alex@example.com")
    record = logging.LogRecord(
        "x", logging.ERROR, "f.py", 1, "it failed", None, (type(error), error, error.__traceback__)
    )
    entry = line(record)
    assert (entry["severity"], entry["message"]) == ("ERROR", "it failed")
    assert str(entry["stack_trace"]).endswith("RuntimeError")
    assert "alex" not in json.dumps(entry)


def test_a_line_outside_any_trace_has_none() -> None:
    trace.follow(None)
    assert not [
        name for name in line(logging.LogRecord("x", logging.INFO, "f.py", 1, "hello", None, None)) if "trace" in name
    ]
