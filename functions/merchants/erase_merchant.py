"""DELETE /v1/merchants/{merchant_id}: close a merchant's account and destroy who its owner is; the answer says what is kept."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import erasure, views
from shared.privacy.merchant import Merchant
from shared.privacy.views import ErasureView
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint(
    "DELETE",
    "/v1/merchants/{merchant_id}",
    roles={Role.MERCHANT},
    owner=Owner.MERCHANT,
    uses=PUBLISHES | {Resource.VAULT},
)
def erase_merchant(merchant_id: str, caller: Caller, work: Work) -> ErasureView:
    subject = Merchant(merchant_id)
    return views.erasure(subject, erasure.erase(work, subject, caller.account_id, key_encryption()))
