"""The hash chain on its own: no database, as a third party runs it."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dossier.chain import GENESIS, Event, link, verify

ACTOR = {"role": "customer", "id": "cus_1"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
DATA = st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), min_size=1, max_size=8)


def chain(data: list[dict[str, object]]) -> list[Event]:
    events: list[Event] = []
    for number, content in enumerate(data, start=1):
        previous = events[-1].hash if events else GENESIS
        events.append(link("ord_1", number, "noted", "2026-11-20T18:00:00.000Z", ACTOR, content, previous))
    return events


def test_the_hash_is_sha_256_over_rfc_8785_and_can_be_computed_by_hand() -> None:
    event = link("ord_1", 1, "noted", "2026-11-20T18:00:00.000Z", ACTOR, {"b": 1, "a": "é"}, GENESIS)
    by_hand = (
        '{"actor":{"id":"cus_1","role":"customer"},"at":"2026-11-20T18:00:00.000Z","data":{"a":"é","b":1},'
        f'"order_id":"ord_1","prev_hash":"{GENESIS}","seq":1,"type":"noted"}}'
    )
    assert event.hash == hashlib.sha256(by_hand.encode()).hexdigest()


@given(DATA)
def test_what_was_linked_verifies_also_after_a_journey_through_json(data: list[dict[str, object]]) -> None:
    events = [Event(**json.loads(json.dumps(vars_of(event)))) for event in chain(data)]
    verdict = verify("ord_1", events, length=len(events), head_hash=events[-1].hash)
    assert verdict.valid
    assert (verdict.length, verdict.head_hash) == (len(events), events[-1].hash)


@given(DATA, st.data())
def test_any_single_change_is_found_where_it_was_made(data: list[dict[str, object]], draw: st.DataObject) -> None:
    events = chain(data)
    at = draw.draw(st.integers(0, len(events) - 1))
    forged = draw.draw(
        st.sampled_from(
            [
                replace(events[at], data={"forged": True}),
                replace(events[at], type="forged"),
                replace(events[at], at="2026-11-20T18:00:00.001Z"),
                replace(events[at], actor={"role": "driver", "id": "drv_1"}),
                replace(events[at], prev_hash="f" * 64),
                replace(events[at], hash="f" * 64),
                replace(events[at], order_id="ord_2"),
                replace(events[at], seq=events[at].seq + 1),
            ]
        )
    )
    verdict = verify("ord_1", [*events[:at], forged, *events[at + 1 :]])
    assert verdict.first_broken is not None
    assert verdict.first_broken.seq == at + 1


@given(DATA.filter(lambda data: len(data) > 2), st.data())
def test_dropping_or_swapping_events_is_found(data: list[dict[str, object]], draw: st.DataObject) -> None:
    events = chain(data)
    at = draw.draw(st.integers(0, len(events) - 2))
    assert not verify("ord_1", events[:at] + events[at + 1 :]).valid
    events[at], events[at + 1] = events[at + 1], events[at]
    assert not verify("ord_1", events).valid


def test_a_cut_off_tail_needs_the_length_or_the_head_to_be_known() -> None:
    events = chain([{"n": n} for n in range(4)])
    assert verify("ord_1", events[:3]).valid
    by_length = verify("ord_1", events[:3], length=4).first_broken
    by_head = verify("ord_1", events[:3], head_hash=events[-1].hash).first_broken
    assert by_length is not None
    assert by_length.seq == 4
    assert by_head is not None


def test_nothing_at_all_is_a_valid_chain_of_no_events() -> None:
    assert verify("ord_1", []).valid
    assert not verify("ord_1", [], length=1).valid


def test_what_json_lacks_is_not_linked() -> None:
    with pytest.raises(ValueError, match=r".*"):
        link("ord_1", 1, "noted", "now", ACTOR, {"amount": float("nan")}, GENESIS)


def vars_of(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}
