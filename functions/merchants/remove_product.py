"""DELETE /v1/merchants/{merchant_id}/products/{product_id}: take a product off the shelf; past orders still name it."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.merchants import products
from shared.storage.work import Work


@endpoint(
    "DELETE",
    "/v1/merchants/{merchant_id}/products/{product_id}",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
)
def remove_product(merchant_id: str, product_id: str, work: Work) -> None:
    products.change(work, merchant_id, product_id, {"active": False})
