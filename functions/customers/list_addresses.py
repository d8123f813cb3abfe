"""GET /v1/customers/me/addresses: the places to deliver to, in the order in which they were saved."""

from shared.customers import service as customers
from shared.customers import views
from shared.customers.views import AddressView
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work


@endpoint("GET", "/v1/customers/me/addresses", roles={Role.CUSTOMER})
def list_addresses(query: PageQuery, caller: Caller, work: Work) -> Page[AddressView]:
    rows = customers.addresses(work, caller.tenant_id, query.after, query.fetch)
    return page(rows, query, "address_id", views.address)
