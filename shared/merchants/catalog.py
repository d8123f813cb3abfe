"""Stores and products as facts: what rules decide on, whoever read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.compliance.credentials import Credential
from shared.credentials.holdings import held
from shared.kernel.positions import Position
from shared.merchants.hours import WeeklyHours


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """`permits` are those on file for the store or its merchant, whatever has become of them."""

    store_id: str
    merchant_id: str
    merchant_status: str
    region_id: str
    timezone: str
    name: str
    address: str
    position: Position
    jurisdiction: str
    hours: WeeklyHours
    open: bool
    prep_minutes: int
    radius_m: int
    rating: float
    permits: tuple[Credential, ...]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "StoreFacts":
        """From a row of `browsing.STORES`."""
        plain = {name: row[name] for name in cls.__slots__ if name not in ("position", "permits")}
        return cls(position=Position(row["lat"], row["lng"]), permits=held(row["permits"]), **plain)

    def local(self, moment: datetime) -> datetime:
        """The store's own wall clock."""
        return moment.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class ProductFacts:
    product_id: str
    store_id: str
    name: str
    description: str
    category: str
    price_minor: int
    currency: str
    tax_bps: int
    weight_g: int | None
    restricted: bool
    authorization_reference: str | None
    attested: bool
    stock: int
    active: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ProductFacts":
        """From a row of `products`."""
        return cls(**{name: row[name] for name in cls.__slots__})
