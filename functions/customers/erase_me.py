"""DELETE /v1/customers/me: close the account and destroy who one is; the answer says what the law keeps, and until when."""

from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import erasure, views
from shared.privacy.customer import Customer
from shared.privacy.views import ErasureView
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint("DELETE", "/v1/customers/me", roles={Role.CUSTOMER}, uses=PUBLISHES | {Resource.VAULT})
def erase_me(caller: Caller, work: Work) -> ErasureView:
    subject = Customer(caller.tenant_id)
    return views.erasure(subject, erasure.erase(work, subject, caller.account_id, key_encryption()))
