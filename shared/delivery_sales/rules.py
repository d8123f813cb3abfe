"""What a monthly report of delivery sales says, and how it differs from one that was submitted. Pure.

15 USC 376(a)(2): by the 10th of the next month, to the State: name and address of whom the goods went to, brand, quantity,
and name, address and phone number of the person who delivers. Tex. HSC 161.456 adds the purchaser's phone and e-mail.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import rfc8785

DUE_DAY = 10
ORDER_LASTS = timedelta(days=31)
"""From placing to handing over, at the most."""


class ReportStatus(StrEnum):
    """Of a month that is over."""

    DUE = "due"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    AMENDMENT_DUE = "amendment_due"
    """What was submitted is not what the records say now."""


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, by the store's calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """From `2026-10`. Raises ValueError."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def due_on(self) -> date:
        return date(self.next.year, self.next.number, DUE_DAY)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Party:
    """A person or business as a report names it; what is not known is None."""

    name: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """`brand` is the product's name where the store has not said its brand."""

    brand: str
    name: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Sale:
    """`purchaser` and `driver` are None once the record has been destroyed; `captured_minor` is what was paid for the order."""

    order_id: str
    sold_on: date
    store: Party
    purchaser: Party | None
    driver: Party | None
    goods: tuple[Goods, ...]
    captured_minor: int
    currency: str
    evidence_id: str
    commitment: str

    @property
    def fingerprint(self) -> str:
        """Stands for the line without telling who it is about: the commitment is salted."""
        line: dict[str, Any] = {
            "order_id": self.order_id,
            "commitment": self.commitment,
            "goods": [asdict(each) for each in self.goods],
            "captured_minor": self.captured_minor,
        }
        return hashlib.sha256(rfc8785.dumps(line)).hexdigest()


@dataclass(frozen=True, slots=True)
class Submission:
    version: int
    content_sha256: str
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """Order ids that differ from what was submitted last."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """`amount_minor` is of the restricted goods, `captured_minor` of the whole orders."""

    sales: int
    units: int
    amount_minor: int
    captured_minor: int
    by_brand: tuple[tuple[str, int], ...]


def totals(sales: tuple[Sale, ...]) -> Totals:
    brands: Counter[str] = Counter()
    for sale in sales:
        for goods in sale.goods:
            brands[goods.brand] += goods.quantity
    return Totals(
        sales=len(sales),
        units=brands.total(),
        amount_minor=sum(goods.amount_minor for sale in sales for goods in sale.goods),
        captured_minor=sum(sale.captured_minor for sale in sales),
        by_brand=tuple(sorted(brands.items())),
    )


def lines(sales: tuple[Sale, ...]) -> dict[str, str]:
    """Fingerprints by order."""
    return {sale.order_id: sale.fingerprint for sale in sales}


def content_sha256(sales: tuple[Sale, ...]) -> str:
    """Names exactly this content: what is submitted is what was looked at."""
    return hashlib.sha256(rfc8785.dumps(lines(sales))).hexdigest()


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    return Changes(
        added=tuple(sorted(now.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - now.keys())),
        changed=tuple(sorted(each for each in now.keys() & before.keys() if now[each] != before[each])),
    )


def status(month: Month, content: str, last: Submission | None, today: date) -> ReportStatus:
    if last is None:
        return ReportStatus.OVERDUE if today > month.due_on else ReportStatus.DUE
    return ReportStatus.SUBMITTED if last.content_sha256 == content else ReportStatus.AMENDMENT_DUE


def missing(sale: Sale) -> tuple[str, ...]:
    """What the law wants and the record lacks. A destroyed record lacks everything, as it must."""
    if sale.purchaser is None:
        return ()
    wanted = {
        "purchaser_address": sale.purchaser.address,
        "purchaser_phone": sale.purchaser.phone,
        "purchaser_email": sale.purchaser.email,
    }
    return tuple(name for name, value in wanted.items() if not value)
