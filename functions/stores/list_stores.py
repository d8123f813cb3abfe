"""GET /v1/stores: the stores that deliver to a place, nearest first, with what delivery costs and takes."""

from pydantic import Field

from shared.customers.shopping import eta_s
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page_of
from shared.kernel.deployment import BUSY
from shared.kernel.money import Money
from shared.kernel.positions import Position
from shared.kernel.wire import PositionModel, View
from shared.merchants import browsing, shopfront
from shared.merchants.browsing import Nearby
from shared.orders.pricing import delivery_fee_minor
from shared.storage.work import Work


class StoresNearby(PageQuery):
    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    radius_m: int = Field(default=40_000, ge=1, le=80_000)
    category: str = Field(default="", max_length=60)
    q: str = Field(default="", max_length=100)
    open_now: bool = False


class StoreCardView(View):
    id: str
    name: str
    address: str
    position: PositionModel
    open: bool
    distance_m: int
    eta_s: int
    rating: float
    delivery_fee_minor: int
    currency: str


@endpoint("GET", "/v1/stores", roles=PUBLIC, sizing=BUSY)
def list_stores(query: StoresNearby, work: Work) -> Page[StoreCardView]:
    found = browsing.near(
        work,
        Position(query.lat, query.lng),
        query.radius_m,
        category=query.category,
        words=query.q,
        open_now=query.open_now,
    )
    following = [item for item in found if item.key > query.after]
    return page_of(following, query, lambda item: item.key, card)


def card(item: Nearby) -> StoreCardView:
    fee = Money(delivery_fee_minor(item.distance_m))
    return StoreCardView(
        id=item.store.store_id,
        name=item.store.name,
        address=item.store.address,
        position=shopfront.place(item.store),
        open=item.open,
        distance_m=round(item.distance_m),
        eta_s=eta_s(item),
        rating=item.store.rating,
        delivery_fee_minor=fee.minor,
        currency=fee.currency,
    )
