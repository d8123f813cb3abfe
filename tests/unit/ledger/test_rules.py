"""What is posted when: every transaction balances, and after everything nobody is owed what was never paid."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import accounts, rules
from shared.ledger.rules import Entry, OutOfBalance, Sale, Settlement, Transaction

CENTS = st.integers(0, 100_000)
SALES = st.builds(
    Sale, order_id=st.just("ord_1"), merchant_id=st.just("mer_1"), currency=st.just("USD"), subtotal_minor=CENTS,
    delivery_fee_minor=CENTS, tax_minor=CENTS, tip_minor=CENTS,
).filter(lambda sale: sale.total_minor > 0)  # fmt: skip
DINNER = Sale("ord_1", "mer_1", "USD", subtotal_minor=2_000, delivery_fee_minor=300, tax_minor=165, tip_minor=400)


def balances(*posted: Transaction) -> Counter[str]:
    found: Counter[str] = Counter()
    for transaction in posted:
        for entry in transaction.entries:
            found[entry.account] += entry.amount_minor
    return Counter({account: minor for account, minor in found.items() if minor})


def test_entries_that_do_not_sum_to_zero_are_no_transaction() -> None:
    with pytest.raises(OutOfBalance):
        Transaction("tip", "ord_1", "ord_1", "USD", (Entry("tips", 100), Entry("driver:drv_1", -99)))


def test_a_sale_says_whose_each_part_of_the_total_is() -> None:
    assert balances(rules.sale(DINNER)) == {
        "customers": 2_865, "merchant:mer_1": -1_700, "tax:mer_1": -165, "fees": -600, "tips": -400,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settlement", "expected"),
    [
        (Settlement.SPLIT, {"processor:p": 1_000}),
        (Settlement.PLATFORM, {"processor:p": 2_865, "merchant:mer_1": -1_700, "tax:mer_1": -165}),
        (Settlement.MERCHANT, {"merchant:mer_1": 1_000}),
    ],
)
def test_once_captured_the_money_is_where_the_processor_settles_it(
    settlement: Settlement, expected: dict[str, int]
) -> None:
    captured = rules.capture(DINNER, "pay_1", DINNER.total_minor, "p", settlement)
    assert balances(rules.sale(DINNER), captured) == {**expected, "fees": -600, "tips": -400}


@given(sale=SALES, settlement=st.sampled_from(Settlement), data=st.data())
def test_refunds_in_any_parts_come_to_the_same_as_one(sale: Sale, settlement: Settlement, data: st.DataObject) -> None:
    whole = rules.refund(sale, "pay_2", sale.total_minor, 0, "p", settlement)
    before, posted = 0, []
    while before < sale.total_minor:
        amount = data.draw(st.integers(1, sale.total_minor - before))
        posted.append(rules.refund(sale, f"pay_{before}", amount, before, "p", settlement))
        before += amount
    assert balances(*posted) == balances(whole)


@given(sale=SALES, settlement=st.sampled_from(Settlement), payout=CENTS)
def test_an_order_given_back_whole_costs_the_platform_the_driver_and_nobody_else_anything(
    sale: Sale, settlement: Settlement, payout: int
) -> None:
    left = balances(
        rules.sale(sale),
        rules.capture(sale, "pay_1", sale.total_minor, "p", settlement),
        rules.driver_pay("ord_1", "tsk_1", "drv_1", payout, "USD"),
        rules.tip(sale, "drv_1"),
        rules.refund(sale, "pay_2", sale.total_minor, 0, "p", settlement),
    )
    expected = {"driver_pay": payout, "driver:drv_1": -payout - sale.tip_minor, "fees": sale.tip_minor}
    assert left == {account: minor for account, minor in expected.items() if minor}


@given(sale=SALES, amount=CENTS)
def test_parts_are_never_negative_and_nothing_is_lost_in_rounding(sale: Sale, amount: int) -> None:
    parts = sale.parts(min(amount, sale.total_minor))
    assert min(parts.platform_minor, parts.tax_minor, parts.seller_minor) >= 0
    assert parts.platform_minor + parts.tax_minor + parts.seller_minor == min(amount, sale.total_minor)


def test_a_payout_settles_every_account_of_the_payee() -> None:
    owed = (Entry(accounts.merchant("mer_1"), -1_700), Entry(accounts.tax("mer_1"), -165))
    captured = rules.capture(DINNER, "pay_1", DINNER.total_minor, "p", Settlement.PLATFORM)
    left = balances(rules.sale(DINNER), captured, rules.payout("pot_1", owed, "USD"))
    assert left == {"processor:p": 2_865, "bank": -1_865, "fees": -600, "tips": -400}
