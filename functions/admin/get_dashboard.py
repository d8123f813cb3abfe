"""GET /v1/admin/dashboard: a region's figures of the last 24 hours."""

from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.operations.dashboard import DashboardView, dashboard
from shared.operations.fields import RegionQuery
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/dashboard", roles=OPERATORS)
def get_dashboard(query: RegionQuery, work: Work) -> DashboardView:
    return dashboard(work, query.region_id)
