"""GET /v1/merchants/{merchant_id}/stores/{store_id}/violations: how many add up at one's store, and what the next may bring."""

from shared.credentials import views, violations
from shared.credentials.views import ConductView, ViolationView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint(
    "GET",
    "/v1/merchants/{merchant_id}/stores/{store_id}/violations",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
)
def list_store_violations(merchant_id: str, store_id: str, work: Work) -> ConductView[ViolationView]:
    return views.conduct(violations.read(work, store_id, merchant_id), ViolationView)
