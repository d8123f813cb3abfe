"""Cursors: they come back as they were given, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.pages import PageQuery, page
from shared.kernel.errors import BadInput


@given(keys=st.lists(st.from_regex(r"\A[a-z]{3}_[0-9a-z]{26}\Z"), unique=True, max_size=30), limit=st.integers(1, 12))
def test_following_the_cursors_visits_every_row_once(keys: list[str], limit: int) -> None:
    rows = [{"id": key} for key in sorted(keys)]
    visited: list[str] = []
    cursor = None
    while True:
        query = PageQuery(limit=limit, cursor=cursor)
        following = [row for row in rows if row["id"] > query.after][: query.fetch]
        found = page(following, query, "id", lambda row: str(row["id"]))
        assert len(found.items) <= limit
        visited += found.items
        cursor = found.next_cursor
        if cursor is None:
            break
    assert visited == sorted(keys)


@given(text=st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_text_is_a_key_or_a_refusal(text: str) -> None:
    try:
        key = PageQuery(cursor=text).after
    except BadInput as refusal:
        key = refusal.errors[0]["field"]
    assert key.isascii()
    assert key.isprintable()


def test_a_cursor_with_a_null_byte_is_refused() -> None:
    with pytest.raises(BadInput):
        _ = PageQuery(cursor="c3RvXwA").after
