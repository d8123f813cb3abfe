"""GET /v1/serviceability: is this place served, by which stores, when, and what may not be sold there and why."""

from datetime import datetime

from pydantic import Field

from shared.customers.shopping import eta_s
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.positions import Position
from shared.kernel.wire import Query, View
from shared.merchants import browsing, rules
from shared.storage.work import Work

SEARCH_RADIUS_M = 80_000
"""The widest delivery zone a store may have."""


class ServedAt(Query):
    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)


class ServingStoreView(View):
    """`opens_at` is null while the store is open, and when it has switched itself off."""

    id: str
    name: str
    open: bool
    opens_at: datetime | None
    distance_m: int
    eta_s: int


class NotSoldView(View):
    """Goods that a store may not sell: `goods` is the kind, `reason` for the person, `code` for the program."""

    store_id: str
    goods: str
    reason: str
    code: str


class ServiceabilityView(View):
    served: bool
    open: bool
    stores: list[ServingStoreView]
    not_sold: list[NotSoldView]


@endpoint("GET", "/v1/serviceability", roles=PUBLIC)
def check_serviceability(query: ServedAt, work: Work) -> ServiceabilityView:
    found = browsing.near(work, Position(query.lat, query.lng), SEARCH_RADIUS_M)
    return ServiceabilityView(
        served=bool(found),
        open=any(item.open for item in found),
        stores=[
            ServingStoreView(
                id=item.store.store_id,
                name=item.store.name,
                open=item.open,
                opens_at=rules.opens_at(item.store, work.now),
                distance_m=round(item.distance_m),
                eta_s=eta_s(item),
            )
            for item in found
        ],
        not_sold=[
            NotSoldView(store_id=item.store.store_id, goods="restricted", reason=reason.sentence, code=reason.code)
            for item in found
            for reason in rules.restricted_goods(item.store, work.now).reasons
        ],
    )
