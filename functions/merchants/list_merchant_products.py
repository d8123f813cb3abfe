"""GET /v1/merchants/{merchant_id}/products: everything the merchant has listed, of one store or of all."""

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.merchants import products, views
from shared.merchants.views import ProductView
from shared.storage.work import Work


class MerchantProducts(PageQuery):
    store_id: str = Field(default="", max_length=64)


@endpoint("GET", "/v1/merchants/{merchant_id}/products", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def list_merchant_products(query: MerchantProducts, merchant_id: str, work: Work) -> Page[ProductView]:
    rows = products.listed(work, merchant_id, query.store_id, query.after, query.fetch)
    return page(rows, query, "product_id", views.product)
