"""DELETE /v1/customers/me/addresses/{address_id}: forget a place; orders already placed keep going there."""

from shared.customers import service as customers
from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work


@endpoint("DELETE", "/v1/customers/me/addresses/{address_id}", roles={Role.CUSTOMER})
def remove_address(address_id: str, caller: Caller, work: Work) -> None:
    customers.remove_address(work, caller.tenant_id, address_id)
