"""Months, what differs from what was submitted, and what that makes of a report."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.delivery_sales.rules import (
    Goods,
    Month,
    Party,
    ReportStatus,
    Sale,
    Submission,
    changes,
    content_sha256,
    lines,
    missing,
    status,
    totals,
)

NOVEMBER = Month(2026, 11)
SALE = Sale(
    order_id="ord_1",
    sold_on=date(2026, 11, 20),
    store=Party("Main Street", "100 Main St"),
    purchaser=Party("Ana Reyes", "1500 Marilla St", "+12145550199", "ana@example.com"),
    driver=Party("Robin", None, "+12145550100"),
    goods=(Goods("Lone Star", "Pods", 2, 3_798), Goods("Rose", "Coil", 1, 500)),
    captured_minor=5_000,
    currency="USD",
    evidence_id="evd_1",
    commitment="c0" * 32,
)

fingerprints = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.sampled_from("xyz"))


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2200, 1, 1)))
def test_a_month_follows_the_one_before_it(day: date) -> None:
    month = Month.of(day)
    assert month.next.before == month == Month.parse(str(month))
    assert month.first <= day < month.next.first
    assert (month.due_on.day, Month.of(month.due_on)) == (10, month.next)


@pytest.mark.parametrize("text", ["2026-13", "2026", "26-01", "", "2026-11-20"])
def test_what_is_not_a_month_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)


def test_totals_add_up_goods_and_orders() -> None:
    twice = totals((SALE, replace(SALE, order_id="ord_2")))
    assert (twice.sales, twice.units, twice.amount_minor, twice.captured_minor) == (2, 6, 8_596, 10_000)
    assert twice.by_brand == (("Lone Star", 4), ("Rose", 2))


def test_the_content_is_named_by_what_was_sold_and_paid_and_not_by_who_can_still_be_read() -> None:
    content = content_sha256((SALE,))
    assert content_sha256((replace(SALE, purchaser=None, driver=None),)) == content
    for other in (
        replace(SALE, captured_minor=4_999),
        replace(SALE, commitment="c1" * 32),
        replace(SALE, goods=SALE.goods[:1]),
        replace(SALE, order_id="ord_2"),
    ):
        assert content_sha256((other,)) != content


@given(fingerprints, fingerprints)
def test_changes_lead_from_what_was_submitted_to_what_is_now(before: dict[str, str], now: dict[str, str]) -> None:
    found = changes(before, now)
    amended = {key: value for key, value in before.items() if key not in found.removed}
    amended |= {key: now[key] for key in (*found.added, *found.changed)}
    assert amended == now
    assert changes(now, now) == changes({}, {})


def test_a_report_is_due_then_overdue_then_submitted_until_it_differs() -> None:
    content = content_sha256((SALE,))
    same, other = Submission(1, content, lines((SALE,))), Submission(1, "00" * 32, {})
    assert status(NOVEMBER, content, None, date(2026, 12, 10)) == ReportStatus.DUE
    assert status(NOVEMBER, content, None, date(2026, 12, 11)) == ReportStatus.OVERDUE
    assert status(NOVEMBER, content, same, date(2027, 6, 1)) == ReportStatus.SUBMITTED
    assert status(NOVEMBER, content, other, date(2026, 12, 1)) == ReportStatus.AMENDMENT_DUE


def test_what_the_law_wants_and_nobody_knows_is_named() -> None:
    assert missing(SALE) == ()
    nameless = replace(SALE, purchaser=Party("Ana Reyes", None, "+12145550199", ""))
    assert missing(nameless) == ("purchaser_address", "purchaser_email")
    assert missing(replace(SALE, purchaser=None)) == ()
