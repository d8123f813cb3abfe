"""Ids: TypeIDs that sort by the time they were made."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import first_id, is_id, new_id, new_ids

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def test_the_specifications_own_example() -> None:
    """typeid specification 0.3, valid.yml: uuid 0188bac7-4afa-78aa-bc3b-bd1eef28d881."""
    uuid = UUID("0188bac7-4afa-78aa-bc3b-bd1eef28d881")
    at = datetime.fromtimestamp((uuid.int >> 80) / 1000, UTC)
    assert new_id("prefix", at, lambda size: uuid.bytes[-size:]) == "prefix_01h2xcejqtf2nbrexx3vqjhp41"


@given(MOMENTS, st.binary(min_size=10, max_size=10))
def test_an_id_is_a_uuid_of_version_7_made_then(at: datetime, entropy: bytes) -> None:
    suffix = new_id("ord", at, lambda _: entropy).removeprefix("ord_")
    value = 0
    for letter in suffix:
        value = value << 5 | ALPHABET.index(letter)
    uuid = UUID(int=value)
    assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
    assert uuid.int >> 80 == int(at.timestamp() * 1000)


@given(MOMENTS, st.timedeltas(timedelta(milliseconds=1), timedelta(days=3_000)))
def test_later_ids_sort_later(at: datetime, later: timedelta) -> None:
    first, second = new_id("ord", at, os.urandom), new_id("ord", at + later, os.urandom)
    assert first < second
    assert first_id("ord", at) <= first
    assert first_id("ord", at + later) > first


@given(MOMENTS, st.integers(0, 20))
def test_ids_made_together_are_those_that_would_be_made_alone(at: datetime, count: int) -> None:
    made = new_ids("ofr", at, os.urandom, count)
    assert len(set(made)) == count
    assert all(is_id("ofr", each) and first_id("ofr", at) <= each for each in made)
    whole = os.urandom(10 * count)
    parts = iter(range(0, 10 * count, 10))
    alone = [new_id("ofr", at, lambda size: whole[(start := next(parts)) : start + size]) for _ in range(count)]
    assert new_ids("ofr", at, lambda _: whole, count) == alone


def test_an_id_knows_its_kind() -> None:
    order_id = new_id("ord", datetime.now(UTC), os.urandom)
    assert is_id("ord", order_id)
    for other in ("drv_" + order_id[4:], order_id[:-1], order_id.upper(), "ord_", order_id + "0", "ord_" + "u" * 26):
        assert not is_id("ord", other)
