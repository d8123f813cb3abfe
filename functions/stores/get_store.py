"""GET /v1/stores/{store_id}: a store's hours, delivery zone and licence number."""

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.merchants import browsing, shopfront
from shared.merchants.shopfront import StorePageView
from shared.storage.work import Work


@endpoint("GET", "/v1/stores/{store_id}", roles=PUBLIC)
def get_store(store_id: str, work: Work) -> StorePageView:
    return shopfront.store_page(browsing.store(work, store_id), work.now)
