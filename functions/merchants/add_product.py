"""POST /v1/merchants/{merchant_id}/products: put a product on a store's shelf."""

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.merchants import products, views
from shared.merchants.fields import (
    AuthorizationReference,
    Brand,
    Category,
    Currency,
    Description,
    ExternalId,
    Name,
    PriceMinor,
    Stock,
    TaxBps,
    WeightG,
    stored,
)
from shared.merchants.views import ProductView
from shared.storage.work import Work


class AddProduct(Command):
    store_id: str = Field(min_length=1, max_length=64)
    name: Name
    brand: Brand | None = None
    description: Description = ""
    category: Category
    price_minor: PriceMinor
    currency: Currency = "USD"
    tax_bps: TaxBps
    weight_g: WeightG | None = None
    restricted: bool
    authorization_reference: AuthorizationReference | None = None
    attested: bool = False
    stock: Stock
    active: bool = True
    external_id: ExternalId | None = None


@endpoint(
    "POST",
    "/v1/merchants/{merchant_id}/products",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
    idempotency="optional",
    status=201,
)
def add_product(command: AddProduct, merchant_id: str, work: Work) -> ProductView:
    return views.product(products.add(work, merchant_id, command.store_id, stored(command)))
