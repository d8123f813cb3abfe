"""GET /v1/stores/{store_id}/menu: what a store sells to a place now, and what it may not sell there and why."""

from pydantic import Field, model_validator

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY
from shared.kernel.positions import Position
from shared.kernel.wire import Query
from shared.merchants import browsing, rules, shopfront
from shared.merchants.shopfront import MenuView
from shared.storage.work import Work


class MenuFor(Query):
    lat: float | None = Field(default=None, ge=-90, le=90)
    lng: float | None = Field(default=None, ge=-180, le=180)

    @model_validator(mode="after")
    def a_whole_place_or_none(self) -> "MenuFor":
        if (self.lat is None) != (self.lng is None):
            raise ValueError("send both lat and lng, or neither")
        return self

    @property
    def place(self) -> Position | None:
        return None if self.lat is None or self.lng is None else Position(self.lat, self.lng)


@endpoint("GET", "/v1/stores/{store_id}/menu", roles=PUBLIC, sizing=BUSY)
def get_menu(query: MenuFor, store_id: str, work: Work) -> MenuView:
    store = browsing.store(work, store_id)
    shelf = rules.shelf(store, browsing.products(work, store_id), query.place, work.now)
    return shopfront.menu(store, shelf)
