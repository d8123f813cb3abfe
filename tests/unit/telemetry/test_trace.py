"""W3C trace context: what is valid is followed and carried on, everything else is as if it were not there."""

import pytest

from shared.telemetry import trace

VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_valid_context_is_carried_on_unchanged() -> None:
    trace.follow(VALID)
    assert trace.carried() == {"traceparent": VALID}
    trace.follow(None)
    assert trace.carried() == {}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "garbage",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        VALID + "\r\nX-Evil: 1",
    ],
)
def test_an_invalid_context_is_ignored(header: str | None) -> None:
    trace.follow(header)
    assert trace.current() is None


def test_the_flag_says_whether_the_trace_is_sampled() -> None:
    contexts = [trace.parse(VALID), trace.parse(VALID[:-2] + "00")]
    assert [context is not None and context.sampled for context in contexts] == [True, False]
