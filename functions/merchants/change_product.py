"""PATCH /v1/merchants/{merchant_id}/products/{product_id}: change price, stock or any field; what is left out stays."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.merchants import products, views
from shared.merchants.fields import (
    UNCHANGED,
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
    sent,
)
from shared.merchants.views import ProductView
from shared.storage.work import Work


class ChangeProduct(Command):
    name: Name = UNCHANGED
    brand: Brand | None = UNCHANGED
    description: Description = UNCHANGED
    category: Category = UNCHANGED
    price_minor: PriceMinor = UNCHANGED
    currency: Currency = UNCHANGED
    tax_bps: TaxBps = UNCHANGED
    weight_g: WeightG | None = UNCHANGED
    restricted: bool = UNCHANGED
    authorization_reference: AuthorizationReference | None = UNCHANGED
    attested: bool = UNCHANGED
    stock: Stock = UNCHANGED
    active: bool = UNCHANGED
    external_id: ExternalId | None = UNCHANGED


@endpoint(
    "PATCH",
    "/v1/merchants/{merchant_id}/products/{product_id}",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
)
def change_product(command: ChangeProduct, merchant_id: str, product_id: str, work: Work) -> ProductView:
    return views.product(products.change(work, merchant_id, product_id, sent(command)))
