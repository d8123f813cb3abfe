"""A log line holds nobody's data, whoever wrote the message."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.telemetry.logs import CloudFormatter
from shared.telemetry.redaction import redacted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("duplicate key (email)=(ana.reyes+x@mail.example.com)", "duplicate key (email)=([e-mail])"),
        ("could not call +12145550199.", "could not call [phone]."),
        ("call (214) 555-0199 or 214-555-0199", "call [phone] or [phone]"),
        ("Authorization: Bearer nQ9x_2-aZ81bbQ", "Authorization: Bearer [token]"),
        ("postgresql://cloudrun:s3cret@db:5432/x is away", "postgresql://[password]@db:5432/x is away"),
        ("card 4242 4242 4242 4242 declined", "card [card] declined"),
        ("no route to 1500 Marilla St, Dallas", "no route to [address], Dallas"),
    ],
)
def test_what_looks_personal_is_cut_out(said: str, kept: str) -> None:
    assert redacted(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "order ord_01m7x1v080enja3g74kemfy7xk: its payment is left to finish_intents",
        "GET /v1/customers/me/addresses/{address_id} 200",
        "projects/x/traces/0af7651916cd43dd8448eb211c80319c at 2026-11-20T18:03:05.120Z",
        "127.0.0.1:54321 answered in 0.004213 s, 1234567 bytes, lat 32.7767 lng -96.7970",
        "the witness log.example/w did not cosign 500 entries: 409",
    ],
)
def test_what_an_operator_needs_stays(said: str) -> None:
    assert redacted(said) == said


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers(), st.lists, max_leaves=5))
def test_what_is_not_text_stays_what_it_is(value: object) -> None:
    assert redacted({"field": value}) == {"field": value}


def test_a_formatted_line_is_redacted_in_its_message_and_its_fields() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "no account for %s", ("ana@example.com",), None)
    record.fields = {"vendor": {"said": ["call +12145550199"]}}
    line = CloudFormatter("").format(record)
    assert json.loads(line)["message"] == "no account for [e-mail]"
    assert json.loads(line)["vendor"] == {"said": ["call [phone]"]}
