"""Stores and menus as anyone sees them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from shared.kernel.wire import PositionModel, View
from shared.merchants import rules
from shared.merchants.catalog import ProductFacts, StoreFacts
from shared.merchants.rules import Shelf
from shared.merchants.views import HoursView


class ZoneView(View):
    """Delivery reaches `radius_m` crow-fly metres from `center`."""

    center: PositionModel
    radius_m: int


class StorePageView(View):
    """`open` says whether orders are taken now, `opens_at` when they will be; `hours` are in `timezone`."""

    id: str
    name: str
    address: str
    position: PositionModel
    region_id: str
    jurisdiction: str
    timezone: str
    hours: HoursView
    open: bool
    opens_at: datetime | None
    zone: ZoneView
    prep_minutes: int
    rating: float
    licence_number: str | None


class MenuProductView(View):
    id: str
    name: str
    description: str
    price_minor: int
    currency: str
    restricted: bool
    stock: int


class MenuCategoryView(View):
    name: str
    products: list[MenuProductView]


class UnavailableView(View):
    """A product that may not be sold now: `reason` for the person, `code` for the program."""

    id: str
    name: str
    reason: str
    code: str


class MenuView(View):
    store_id: str
    categories: list[MenuCategoryView]
    unavailable: list[UnavailableView]


def store_page(store: StoreFacts, now: datetime) -> StorePageView:
    position = place(store)
    return StorePageView(
        id=store.store_id,
        name=store.name,
        address=store.address,
        position=position,
        region_id=store.region_id,
        jurisdiction=store.jurisdiction,
        timezone=store.timezone,
        hours=HoursView.model_validate(store.hours),
        open=rules.accepts_orders(store, now),
        opens_at=rules.opens_at(store, now),
        zone=ZoneView(center=position, radius_m=store.radius_m),
        prep_minutes=store.prep_minutes,
        rating=store.rating,
        licence_number=rules.licence_number(store, now),
    )


def menu(store: StoreFacts, shelf: Shelf) -> MenuView:
    return MenuView(
        store_id=store.store_id,
        categories=[
            MenuCategoryView(name=category, products=[_product(product) for product in products])
            for category, products in _by_category(shelf.sellable)
        ],
        unavailable=[
            UnavailableView(id=product.product_id, name=product.name, reason=reason.sentence, code=reason.code)
            for product, reason in shelf.unavailable
        ],
    )


def place(store: StoreFacts) -> PositionModel:
    return PositionModel(lat=store.position.lat, lng=store.position.lng)


def _by_category(products: tuple[ProductFacts, ...]) -> Iterable[tuple[str, Iterable[ProductFacts]]]:
    """The products come sorted by category."""
    return groupby(products, key=lambda product: product.category)


def _product(product: ProductFacts) -> MenuProductView:
    return MenuProductView(
        id=product.product_id,
        name=product.name,
        description=product.description,
        price_minor=product.price_minor,
        currency=product.currency,
        restricted=product.restricted,
        stock=product.stock,
    )
