"""Columns as Postgres aggregates them, read back."""

from hypothesis import example, given
from hypothesis import strategies as st

from shared.dispatch.packed import texts


@given(st.lists(st.text("ab1é", max_size=3), min_size=1, max_size=6))
@example(["drv_1", "drv_2"])
@example(["a", "bcd", "e"])
@example(["", ""])
@example([""])
def test_texts_are_split_at_their_commas_whatever_their_lengths(ids: list[str]) -> None:
    assert texts(",".join(ids)).tolist() == ids


def test_nothing_joined_is_no_text() -> None:
    assert texts(None).tolist() == []
