"""DELETE /v1/customers/me: close the account and erase who one is; the evidence of past sales holds ids and stays."""

from shared.customers import service as customers
from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work


@endpoint("DELETE", "/v1/customers/me", roles={Role.CUSTOMER})
def erase_me(caller: Caller, work: Work) -> None:
    customers.erase(work, caller.tenant_id, caller.account_id)
