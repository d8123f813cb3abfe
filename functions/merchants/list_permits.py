"""GET /v1/merchants/{merchant_id}/permits: the permits on file."""

from shared.credentials import permits, views
from shared.credentials.views import PermitView
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/merchants/{merchant_id}/permits", roles=OPERATORS | {Role.MERCHANT}, owner=Owner.MERCHANT)
def list_permits(query: PageQuery, merchant_id: str, work: Work) -> Page[PermitView]:
    rows, today = permits.listed(work, merchant_id, query.after, query.fetch), work.now.date()
    return page(rows, query, "permit_id", lambda row: views.permit(row, today))
