"""Merchants, stores and products as their owner sees them."""

from datetime import datetime

from shared.kernel.wire import PositionModel, View
from shared.merchants.rules import MerchantStatus
from shared.storage.connection import Row


class MerchantView(View):
    id: str
    external_id: str | None
    name: str
    status: MerchantStatus
    review_reason: str | None
    payment_account: str | None
    card_terminal: bool
    created_at: datetime
    updated_at: datetime


class HoursView(View):
    """`[opens, closes]` pairs by weekday, in local time; a closing before its opening is the next day's."""

    mon: list[tuple[str, str]]
    tue: list[tuple[str, str]]
    wed: list[tuple[str, str]]
    thu: list[tuple[str, str]]
    fri: list[tuple[str, str]]
    sat: list[tuple[str, str]]
    sun: list[tuple[str, str]]


class StoreView(View):
    id: str
    merchant_id: str
    external_id: str | None
    region_id: str
    name: str
    address: str
    position: PositionModel
    jurisdiction: str
    hours: HoursView
    open: bool
    prep_minutes: int
    radius_m: int
    rating: float
    created_at: datetime
    updated_at: datetime


class ProductView(View):
    id: str
    merchant_id: str
    store_id: str
    external_id: str | None
    name: str
    brand: str | None
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
    created_at: datetime
    updated_at: datetime


def merchant(row: Row) -> MerchantView:
    return MerchantView(id=row["merchant_id"], **_named(row, MerchantView))


def store(row: Row) -> StoreView:
    position = PositionModel(lat=row["lat"], lng=row["lng"])
    return StoreView(id=row["store_id"], position=position, **_named(row, StoreView))


def product(row: Row) -> ProductView:
    return ProductView(id=row["product_id"], **_named(row, ProductView))


def _named(row: Row, view: type[View]) -> Row:
    """The columns that a view shows under their own names."""
    return {name: row[name] for name in view.model_fields if name in row}
