"""GET /v1/merchants/{merchant_id}/export: everything that is stored about a merchant, in one file; its orders are listed apart."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import export, views
from shared.privacy.views import MerchantExportView
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint(
    "GET",
    "/v1/merchants/{merchant_id}/export",
    roles={Role.MERCHANT},
    owner=Owner.MERCHANT,
    uses=READS | {Resource.VAULT},
    attachment="everything-about-me.json",
)
def export_merchant(merchant_id: str, caller: Caller, work: Work) -> MerchantExportView:
    found = export.of_merchant(work, merchant_id, caller.account_id, key_encryption())
    return views.of_merchant(found, work.now.date())
