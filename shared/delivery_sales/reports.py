"""Monthly reports from the records, and the receipts of those that were submitted."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.delivery_sales import rules
from shared.delivery_sales.rules import (
    ORDER_LASTS,
    Changes,
    Goods,
    Month,
    Party,
    ReportStatus,
    Sale,
    Submission,
    Totals,
)
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import first_id
from shared.ledger.accounts import CUSTOMERS
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption
from shared.vault.retention import over_before


class MonthNotOver(Conflict):
    code, title = "month_not_over", "The month is not over yet"


class ReportChanged(Conflict):
    """`content_sha256` is that of the report as it is now."""

    code, title = "report_changed", "The report has changed since it was read"


class ReportIncomplete(Conflict):
    code, title = "report_incomplete", "Some sales are not recorded yet"


class NothingToAmend(Conflict):
    code, title = "nothing_to_amend", "This report has been submitted already"


@dataclass(frozen=True, slots=True)
class Report:
    """`orders` is counted from the orders, `ledger_captured_minor` from the ledger: a whole report ties to both.

    `amends` is the version that was submitted last, `changes` what differs from it.
    """

    merchant: Party
    permit_number: str | None
    deliverer: Party
    state: str
    month: Month
    sales: tuple[Sale, ...]
    totals: Totals
    orders: int
    ledger_captured_minor: int
    content_sha256: str
    status: ReportStatus
    amends: int | None
    changes: Changes | None
    submissions: tuple[Row, ...]

    @property
    def ties(self) -> bool:
        return (self.totals.sales, self.totals.captured_minor) == (self.orders, self.ledger_captured_minor)


def check_over(month: Month, now: datetime) -> None:
    """Raises MonthNotOver."""
    if month.next.first > over_before(now):
        readable = month.next.first + timedelta(days=1)
        raise MonthNotOver(f"{month} is not over everywhere yet. Its report can be read from {readable} on.")


def read(work: Work, merchant_id: str, state: str, month: Month, deliverer: Party, keys: KeyEncryption) -> Report:
    """Raises NotFound, MonthNotOver, CannotOpen, Unavailable."""
    check_over(month, work.now)
    merchant = work.one(_MERCHANT, merchant_id=merchant_id)
    if merchant is None:
        raise NotFound.of("merchant", merchant_id)
    asked = {"merchant_id": merchant_id, "state": state, "first": month.first, "next": month.next.first}
    rows = work.run(_SALES, **asked, **_bounds(month))
    sales = tuple(_sale(row, keys) for row in rows if row["order_id"] is not None)
    submissions = tuple(work.run(_SUBMISSIONS, merchant_id=merchant_id, state=state, month=month.first))
    last = _last(submissions)
    content = rules.content_sha256(sales)
    return Report(
        merchant=Party(merchant["name"]),
        permit_number=merchant["permit_number"],
        deliverer=deliverer,
        state=state,
        month=month,
        sales=sales,
        totals=rules.totals(sales),
        orders=rows[0]["orders"],
        ledger_captured_minor=rows[0]["ledger_captured_minor"],
        content_sha256=content,
        status=rules.status(month, content, last, work.now.date()),
        amends=last.version if last else None,
        changes=rules.changes(last.lines, rules.lines(sales)) if last else None,
        submissions=submissions,
    )


def submitted(work: Work, merchant_id: str, report: Report, account_id: str, sent: dict[str, str]) -> Row:
    """Keep the receipt of a report that was handed in: version 1, or an amendment. `sent` says what, to whom, with what receipt.

    Raises ReportChanged, ReportIncomplete, NothingToAmend.
    """
    if sent["content_sha256"] != report.content_sha256:
        raise ReportChanged(
            "Read the report again, hand that in, then send its content_sha256.", content_sha256=report.content_sha256
        )
    if not report.ties:
        raise ReportIncomplete("The missing records follow within the hour. Read the report again then.")
    if report.status == ReportStatus.SUBMITTED:
        raise NothingToAmend(f"Version {report.amends} says the same and has its receipt.")
    rows = work.run(
        _SUBMIT,
        report_id=work.new_id("rpt"),
        merchant_id=merchant_id,
        state=report.state,
        month=report.month.first,
        version=(report.amends or 0) + 1,
        lines=json.dumps(rules.lines(report.sales)),
        sales=report.totals.sales,
        captured_minor=report.totals.captured_minor,
        account_id=account_id,
        now=work.now,
        **sent,
    )
    if not rows:
        raise NothingToAmend("Another receipt came first. Read the report again.")
    return rows[0]


def due(work: Work, month: Month) -> list[Row]:
    """The merchants and states with sales in a month, in the order of their ids."""
    return work.run(_WITH_SALES, first=month.first, next=month.next.first, **_bounds(month))


def _bounds(month: Month) -> dict[str, Any]:
    """Generous limits around a month in any time zone, for the indexes; days decide."""
    midnight = datetime.fromisoformat(f"{month.first}T00:00:00+00:00")
    end = datetime.fromisoformat(f"{month.next.first}T00:00:00+00:00")
    return {
        "since": midnight - timedelta(days=1),
        "until": end + timedelta(days=1),
        "first_id": first_id("ord", midnight - ORDER_LASTS),
    }


def _sale(row: Row, keys: KeyEncryption) -> Sale:
    people = vault.opened(row, keys).content if row["sealed"] is not None else None
    return Sale(
        order_id=row["order_id"],
        sold_on=row["sold_on"],
        store=Party(row["store_name"], row["store_address"]),
        purchaser=_party(people["purchaser"]) if people else None,
        driver=_party(people["deliverer"]) if people else None,
        goods=tuple(
            Goods(each["brand"], each["name"], each["quantity"], each["amount_minor"]) for each in row["goods"]
        ),
        captured_minor=row["captured_minor"],
        currency=row["currency"],
        evidence_id=row["evidence_id"],
        commitment=row["commitment"],
    )


def _party(person: Row) -> Party:
    return Party(person["name"], person.get("address"), person.get("phone"), person.get("email"))


def _last(submissions: tuple[Row, ...]) -> Submission | None:
    if not submissions:
        return None
    row = submissions[-1]
    return Submission(row["version"], row["content_sha256"], row["lines"])


_MERCHANT = """
    SELECT m.name, (SELECT p.number FROM permits p WHERE p.merchant_id = m.merchant_id AND p.kind = 'e_cigarette_retail'
                    ORDER BY p.expires_on DESC LIMIT 1) AS permit_number
    FROM merchants m WHERE m.merchant_id = :merchant_id
"""

_SOLD = """
    FROM orders o JOIN regions r USING (region_id)
    WHERE o.restricted AND o.delivered_at >= :since AND o.delivered_at < :until AND o.order_id >= :first_id
        AND CAST(o.delivered_at AT TIME ZONE r.timezone AS date) >= :first
        AND CAST(o.delivered_at AT TIME ZONE r.timezone AS date) < :next
"""

# One statement, so that both sides of the tie are of one moment; a row without an order when nothing was sold.
_SALES = f"""
    SELECT tie.*, s.*
    FROM (
        SELECT count(*) AS orders, CAST(coalesce(sum((
            SELECT -sum(e.amount_minor) FROM ledger_transactions t JOIN ledger_entries e USING (transaction_id)
            WHERE t.order_id = o.order_id AND t.kind = 'capture' AND e.account = '{CUSTOMERS}')), 0) AS bigint)
            AS ledger_captured_minor
        {_SOLD} AND o.merchant_id = :merchant_id AND o.jurisdiction = :state
    ) AS tie LEFT JOIN (
        SELECT s.order_id, s.sold_on, s.commitment, s.entry_id AS evidence_id, s.goods, o.captured_minor, o.currency,
               st.name AS store_name, st.address AS store_address, {vault.COLUMNS}
        FROM delivery_sales s JOIN orders o USING (order_id) JOIN stores st ON st.store_id = o.store_id
            JOIN vault_keys k ON k.key_id = s.key_id LEFT JOIN vault_entries e ON e.entry_id = s.entry_id
        WHERE s.merchant_id = :merchant_id AND s.jurisdiction = :state AND s.sold_on >= :first AND s.sold_on < :next
    ) AS s ON true
    ORDER BY s.order_id
"""

_WITH_SALES = f"""
    SELECT DISTINCT o.merchant_id, o.jurisdiction AS state {_SOLD} ORDER BY o.merchant_id, state
"""

_SUBMISSIONS = """
    SELECT * FROM delivery_sales_submissions
    WHERE merchant_id = :merchant_id AND jurisdiction = :state AND month = :month ORDER BY version
"""

_SUBMIT = """
    INSERT INTO delivery_sales_submissions (report_id, merchant_id, jurisdiction, month, version, content_sha256, lines,
        sales, captured_minor, submitted_to, receipt, submitted_by, submitted_at)
    VALUES (:report_id, :merchant_id, :state, :month, :version, :content_sha256, :lines, :sales, :captured_minor,
        :submitted_to, :receipt, :account_id, :now)
    ON CONFLICT (merchant_id, jurisdiction, month, version) DO NOTHING RETURNING *
"""
