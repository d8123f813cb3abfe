"""Columns as Postgres aggregates them, read back."""

from hypothesis import example, given
from hypothesis import strategies as st

from shared.dispatch.packed import Columns


@given(st.lists(st.text("ab1é", max_size=3), max_size=6))
@example(["drv_1", "drv_2"])
@example(["a", "bcd", "e"])
@example(["", ""])
def test_ids_are_split_at_their_commas_whatever_their_lengths(ids: list[str]) -> None:
    joined = ",".join(ids)
    assert Columns({"ids": joined or None}).ids.tolist() == (ids if joined else [])
