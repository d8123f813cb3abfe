"""The ways people move, and what they read from a stream."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.market.client import Problem, StreamEvent, answer, parse_events
from infra.market.world import Leg, drive
from shared.kernel.positions import Position

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HERE, THERE = Position(32.78, -96.80), Position(32.80, -96.80)


def test_a_drive_takes_distance_by_speed_rounded_up_where_minutes_are_whole() -> None:
    exact = drive(HERE, THERE, NOON, 320.0, whole_minutes=False)
    whole = drive(HERE, THERE, NOON, 320.0, whole_minutes=True)
    assert (exact.arrives - NOON).total_seconds() == pytest.approx(HERE.distance_m(THERE) / 320 * 60)
    assert whole.arrives == NOON + timedelta(minutes=7)


def test_a_driver_moves_evenly_and_stops_at_the_end() -> None:
    leg = Leg(HERE, THERE, NOON, NOON + timedelta(minutes=10))
    assert leg.at(NOON - timedelta(minutes=1)) == HERE
    assert leg.at(NOON + timedelta(minutes=5)).lat == pytest.approx(32.79)
    assert leg.at(NOON + timedelta(minutes=20)) == THERE


def test_whoever_stands_stays() -> None:
    assert Leg.standing(HERE, NOON).at(NOON + timedelta(hours=1)) == HERE


async def read(lines: list[str]) -> list[StreamEvent]:
    async def stream() -> AsyncIterator[bytes]:
        for line in lines:
            yield f"{line}\n".encode()

    return [event async for event in parse_events(stream())]


def test_events_are_read_and_comments_skipped() -> None:
    lines = [": hello", "", "id: 7", "event: offer", 'data: {"a":', "data: 1}", "", ":", "id: 8", 'data: {"b": 2}', ""]
    assert asyncio.run(read(lines)) == [StreamEvent("7", "offer", {"a": 1}), StreamEvent("8", "message", {"b": 2})]


def test_an_event_that_was_cut_off_is_not_read() -> None:
    assert asyncio.run(read(["id: 7", 'data: {"a": 1}'])) == []


def test_a_problem_document_becomes_an_exception_with_its_code() -> None:
    with pytest.raises(Problem, match="Wait") as caught:
        answer(409, "application/problem+json", b'{"code": "goods_not_ready", "detail": "Wait."}')
    assert (caught.value.status, caught.value.code) == (409, "goods_not_ready")


def test_an_empty_answer_is_an_empty_document() -> None:
    assert answer(204, "", b"") == {}


def test_an_answer_that_is_no_problem_document_is_told_as_it_is() -> None:
    with pytest.raises(Problem, match="502 not_a_problem_document: Bad Gateway"):
        answer(502, "text/plain", b"Bad Gateway")
