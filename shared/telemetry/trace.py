"""W3C trace context (www.w3.org/TR/trace-context-1): carried from a request into its events, tasks and log lines."""

import re
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "traceparent"

_FORM = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")


@dataclass(frozen=True, slots=True)
class TraceContext:
    """`trace_id` 32 and `span_id` 16 hexadecimal digits, neither all zero."""

    trace_id: str
    span_id: str
    sampled: bool

    def header(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


_current: ContextVar[TraceContext | None] = ContextVar("trace", default=None)


def parse(header: str | None) -> TraceContext | None:
    """None for anything that the recommendation calls invalid (3.2.2)."""
    match = _FORM.match(header or "")
    if match is None or not (int(match[1], 16) and int(match[2], 16)):
        return None
    return TraceContext(match[1], match[2], bool(int(match[3], 16) & 1))


def follow(header: str | None) -> None:
    """From here on this thread or task works on that trace; on none when the header is missing or invalid."""
    _current.set(parse(header))


def current() -> TraceContext | None:
    return _current.get()


def carried() -> dict[str, str]:
    """What a message or a task takes along: its one attribute, or nothing outside any trace."""
    context = _current.get()
    return {HEADER: context.header()} if context else {}
