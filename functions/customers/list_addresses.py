"""GET /v1/customers/me/addresses: the places to deliver to, in the order in which they were saved."""

from shared.customers import service as customers
from shared.customers import views
from shared.customers.views import AddressView
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page_of
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint("GET", "/v1/customers/me/addresses", roles={Role.CUSTOMER}, uses=READS | {Resource.VAULT})
def list_addresses(query: PageQuery, caller: Caller, work: Work) -> Page[AddressView]:
    found = customers.addresses(work, caller.tenant_id, query.after, query.fetch, key_encryption())
    return page_of(found, query, lambda address: address.address_id, views.address)
