"""A monthly report as callers see it: for programs, and as a sheet for authorities."""

import csv
import io
import re
from dataclasses import asdict
from datetime import date, datetime

from shared.delivery_sales import rules
from shared.delivery_sales.reports import Report
from shared.delivery_sales.rules import Party, Sale
from shared.kernel.wire import View
from shared.storage.connection import Row

COLUMNS = (
    "state", "month", "sold_on", "order_id", "seller_name", "seller_permit", "store_name", "store_address",
    "purchaser_name", "purchaser_address", "purchaser_phone", "purchaser_email", "brand", "product", "quantity", "amount_minor",
    "currency", "deliverer_name", "deliverer_address", "deliverer_phone", "driver_name", "driver_phone",
)  # fmt: skip

_PHONE = re.compile(r"\+[0-9]+")


class PartyView(View):
    name: str
    address: str | None
    phone: str | None
    email: str | None


class GoodsView(View):
    """`brand` is the product's name where the store has not said its brand."""

    brand: str
    name: str
    quantity: int
    amount_minor: int


class SaleView(View):
    """`purchaser` and `driver` are null once the law has let the record go; `missing` names what the law wants and is not known."""

    order_id: str
    sold_on: date
    store: PartyView
    purchaser: PartyView | None
    driver: PartyView | None
    goods: list[GoodsView]
    captured_minor: int
    currency: str
    evidence_id: str
    missing: list[str]


class BrandView(View):
    brand: str
    quantity: int


class TotalsView(View):
    """`amount_minor` is of the restricted goods, `captured_minor` of the whole orders."""

    sales: int
    units: int
    amount_minor: int
    captured_minor: int
    by_brand: list[BrandView]


class TieView(View):
    """The same, counted from the orders and the ledger: a report that does not tie cannot be marked as submitted."""

    orders: int
    captured_minor: int
    ties: bool


class ChangesView(View):
    added: list[str]
    removed: list[str]
    changed: list[str]


class SubmissionView(View):
    """Version 1 is the report, later ones are its amendments."""

    id: str
    version: int
    content_sha256: str
    sales: int
    captured_minor: int
    submitted_to: str
    receipt: str
    submitted_at: datetime


class ReportView(View):
    """`changes` is what differs from the version that was submitted last, null before the first."""

    merchant_id: str
    seller: PartyView
    seller_permit: str | None
    deliverer: PartyView
    state: str
    month: str
    status: str
    due_on: date
    content_sha256: str
    totals: TotalsView
    tie: TieView
    changes: ChangesView | None
    submissions: list[SubmissionView]
    sales: list[SaleView]


def report(merchant_id: str, found: Report) -> ReportView:
    totals = found.totals
    return ReportView(
        merchant_id=merchant_id,
        seller=_party(found.merchant),
        seller_permit=found.permit_number,
        deliverer=_party(found.deliverer),
        state=found.state,
        month=str(found.month),
        status=found.status.value,
        due_on=found.month.due_on,
        content_sha256=found.content_sha256,
        totals=TotalsView(
            sales=totals.sales,
            units=totals.units,
            amount_minor=totals.amount_minor,
            captured_minor=totals.captured_minor,
            by_brand=[BrandView(brand=brand, quantity=quantity) for brand, quantity in totals.by_brand],
        ),
        tie=TieView(orders=found.orders, captured_minor=found.ledger_captured_minor, ties=found.ties),
        changes=_changes(found),
        submissions=[submission(row) for row in found.submissions],
        sales=[_sale(sale) for sale in found.sales],
    )


def submission(row: Row) -> SubmissionView:
    return SubmissionView(
        id=row["report_id"], **{name: row[name] for name in SubmissionView.model_fields if name in row}
    )


def sheet(found: Report) -> str:
    """RFC 4180, a line for each product of each sale."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for sale in found.sales:
        for goods in sale.goods:
            writer.writerow([_cell(value) for value in _line(found, sale, goods)])
    return out.getvalue()


def _line(found: Report, sale: Sale, goods: rules.Goods) -> tuple[object, ...]:
    purchaser, driver = sale.purchaser or Party(""), sale.driver or Party("")
    return (
        found.state, found.month, sale.sold_on, sale.order_id, found.merchant.name, found.permit_number,
        sale.store.name, sale.store.address, purchaser.name, purchaser.address, purchaser.phone, purchaser.email,
        goods.brand, goods.name, goods.quantity, goods.amount_minor, sale.currency, found.deliverer.name, found.deliverer.address,
        found.deliverer.phone, driver.name, driver.phone,
    )  # fmt: skip


def _cell(value: object) -> str:
    """As text that a spreadsheet does not take for a formula (OWASP, "CSV Injection")."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _PHONE.fullmatch(text) else text


def _sale(sale: Sale) -> SaleView:
    return SaleView(
        order_id=sale.order_id,
        sold_on=sale.sold_on,
        store=_party(sale.store),
        purchaser=_party(sale.purchaser) if sale.purchaser else None,
        driver=_party(sale.driver) if sale.driver else None,
        goods=[GoodsView(**asdict(each)) for each in sale.goods],
        captured_minor=sale.captured_minor,
        currency=sale.currency,
        evidence_id=sale.evidence_id,
        missing=list(rules.missing(sale)),
    )


def _changes(found: Report) -> ChangesView | None:
    if found.changes is None:
        return None
    return ChangesView(
        added=list(found.changes.added), removed=list(found.changes.removed), changed=list(found.changes.changed)
    )


def _party(party: Party) -> PartyView:
    return PartyView(name=party.name, address=party.address, phone=party.phone, email=party.email)
