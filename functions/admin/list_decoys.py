"""GET /v1/admin/decoys: planned test orders and what became of them; newest first."""

from shared.decoys import service as decoys
from shared.decoys import views
from shared.decoys.views import DecoyView
from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/decoys", roles=OPERATORS)
def list_decoys(query: PageQuery, work: Work) -> Page[DecoyView]:
    return page(decoys.listed(work, query.after, query.fetch), query, "decoy_id", views.decoy)
