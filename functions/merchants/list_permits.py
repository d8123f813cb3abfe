"""GET /v1/merchants/{merchant_id}/permits: the permits on file."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.views import PermitView
from shared.storage.work import Work


@endpoint("GET", "/v1/merchants/{merchant_id}/permits", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def list_permits(query: PageQuery, merchant_id: str, work: Work) -> Page[PermitView]:
    rows = merchants.permits(work, merchant_id, query.after, query.fetch)
    return page(rows, query, "permit_id", views.permit)
