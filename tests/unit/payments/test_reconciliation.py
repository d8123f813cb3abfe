"""Ours beside theirs: every amount that differs is a line, and what one side lacks counts as nothing there."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.payments.protocol import Charge
from shared.payments.reconciliation import Difference, compare

PAID = Charge("pi_1", "ord_1", held_minor=0, captured_minor=2_500, refunded_minor=300, fee_minor=528)
CENTS = st.integers(0, 10_000)
CHARGES = st.lists(
    st.builds(Charge, st.sampled_from(["pi_1", "pi_2", "pi_3"]), st.just("ord_1"), CENTS, CENTS, CENTS, CENTS),
    unique_by=lambda charge: charge.reference,
)


def test_what_is_the_same_is_no_difference() -> None:
    found = compare([PAID], [PAID])
    assert (found.lines, found.differences) == (1, ())


def test_each_amount_that_differs_is_a_line() -> None:
    theirs = replace(PAID, refunded_minor=400, fee_minor=500)
    assert compare([PAID], [theirs]).differences == (
        Difference("pi_1", "refunded", 300, 400), Difference("pi_1", "fee", 528, 500),
    )  # fmt: skip


def test_what_one_side_lacks_is_told_only_when_money_is_in_it() -> None:
    nothing = Charge("pi_2", "ord_2", 0, 0, 0, 0)
    assert compare([], [nothing]).differences == ()
    held = replace(nothing, held_minor=700)
    assert compare([], [held]).differences == (Difference("pi_2", "held", 0, 700),)
    assert compare([held], []).differences == (Difference("pi_2", "held", 700, 0),)


@given(ours=CHARGES, theirs=CHARGES)
def test_the_differences_account_for_all_that_lies_between(ours: list[Charge], theirs: list[Charge]) -> None:
    found = compare(ours, theirs).differences
    for what in ("held", "captured", "refunded", "fee"):
        apart = sum(one.ours_minor - one.theirs_minor for one in found if one.what == what)
        total = sum(getattr(c, f"{what}_minor") for c in ours) - sum(getattr(c, f"{what}_minor") for c in theirs)
        assert apart == total
