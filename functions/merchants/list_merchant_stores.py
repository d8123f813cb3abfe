"""GET /v1/merchants/{merchant_id}/stores: the merchant's own stores, in the order in which they were opened."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.merchants import stores, views
from shared.merchants.views import StoreView
from shared.storage.work import Work


@endpoint("GET", "/v1/merchants/{merchant_id}/stores", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def list_merchant_stores(query: PageQuery, merchant_id: str, work: Work) -> Page[StoreView]:
    rows = stores.listed(work, merchant_id, query.after, query.fetch)
    return page(rows, query, "store_id", views.store)
