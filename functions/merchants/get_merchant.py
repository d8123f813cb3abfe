"""GET /v1/merchants/{merchant_id}: a merchant and how its application stands."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.views import MerchantView
from shared.storage.work import Work


@endpoint("GET", "/v1/merchants/{merchant_id}", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def get_merchant(merchant_id: str, work: Work) -> MerchantView:
    return views.merchant(merchants.read(work, merchant_id))
